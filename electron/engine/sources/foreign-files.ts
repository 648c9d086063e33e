// Which files of a folder are databases of other makers, or parts of one, and which of them belong together.
// A name alone makes a file be read more often, never less, and never another kind.
import { posix } from 'node:path';
import { UNKNOWN_FORMAT } from '../../../shared/model/setup.ts';
import { recogniseSample, SAMPLE_BYTES } from './foreign-formats.ts';

/** Parts that have no signature: memos and indexes of dBase and FoxPro, what nbackup holds back. */
const PARTS = ['.dbt', '.fpt', '.smt', '.cdx', '.mdx', '.ntx', '.ndx', '.idx', '.delta'];
const DATABASES = ['.mdb', '.accdb', '.dbf', '.fdb', '.gdb', '.fp7', '.fmp12', '.mdf', '.ndf'];
const LOGS = ['.ldf'];

/** True for names that such programs use. */
export function isForeignName(name: string): boolean {
  const ending = posix.extname(name).toLowerCase();
  return [...PARTS, ...DATABASES, ...LOGS].includes(ending);
}

/** By its first bytes; parts that have no signature by their name. */
export function isForeignFile(path: string, content: Uint8Array, size: number): boolean {
  if (PARTS.includes(posix.extname(path).toLowerCase())) return true;
  const { buffer, byteOffset, length } = content;
  const sample = Buffer.from(buffer, byteOffset, Math.min(length, SAMPLE_BYTES));
  const { name, isEncrypted } = recogniseSample(sample, size, path);
  return name !== UNKNOWN_FORMAT && !isEncrypted;
}

/** Files with the same key are one database: named alike but for their endings, in one folder. */
export function setKeyOf(path: string): string {
  const stem = posix.basename(path, posix.extname(path)).toLowerCase();
  return posix.join(posix.dirname(path), stem.replace(/[_-](?:log|data)\d*$/u, ''));
}
