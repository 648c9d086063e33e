// Recognises database files of other makers by their first bytes, and what looks encrypted.
// Only for names on screens: every one of them is captured the same way, as bytes read twice.
import { extname } from 'node:path';
import { UNKNOWN_FORMAT } from '../../../shared/model/setup.ts';
import { withDescriptor } from './descriptors.ts';
import { readFully } from './wal-frames.ts';

export interface ForeignFormat {
  readonly name: string;
  readonly isEncrypted: boolean;
}

const SAMPLE_BYTES = 4_096;
/** Random bytes of this sample size reach about 7.95 bits; texts and tables stay far below. */
const ENCRYPTED_BITS_PER_BYTE = 7.6;
const DATABASE_ENDINGS = ['.db', '.db3', '.sqlite', '.sqlite3', '.crm', '.dat', '.enc'];

/** Name of the format; unknown ones are called a database only if they look like an encrypted one. */
export function recogniseFormat(path: string): ForeignFormat {
  const bytes = withDescriptor(path, (fd) => {
    const sample = Buffer.alloc(SAMPLE_BYTES);
    return sample.subarray(0, readFully(fd, sample, SAMPLE_BYTES, 0));
  });
  const ending = extname(path).toLowerCase();
  const name = nameOf(bytes ?? Buffer.alloc(0), ending);
  if (name !== null) return { name, isEncrypted: false };
  const isEncrypted =
    bytes !== null &&
    DATABASE_ENDINGS.includes(ending) &&
    entropyOf(bytes) > ENCRYPTED_BITS_PER_BYTE;
  return { name: isEncrypted ? 'encrypted database' : UNKNOWN_FORMAT, isEncrypted };
}

function nameOf(bytes: Buffer, ending: string): string | null {
  const text = (from: number, length: number): string =>
    bytes.toString('latin1', from, from + length);
  if (text(4, 15) === 'Standard Jet DB' || text(4, 15) === 'Standard ACE DB')
    return 'Access database';
  if (text(14, 5) === 'HBAM7') return 'FileMaker database';
  if (ending === '.dbf' && [0x02, 0x03, 0x30, 0x31, 0x83, 0x8b, 0xf5].includes(bytes[0] ?? 0)) {
    return 'dBase table';
  }
  if (['.fdb', '.gdb'].includes(ending) && bytes[0] === 1) return 'Firebird database';
  return null;
}

/** Shannon entropy in bits per byte. */
function entropyOf(bytes: Buffer): number {
  const counts = new Float64Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) {
    if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  }
  return bits;
}
