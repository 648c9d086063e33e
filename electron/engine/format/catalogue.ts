// Catalogues: short names of restore points, 12 bytes each (FORMAT.md section 7).
import { compareSequence, type Sequence } from '../../../shared/model/restore-point.ts';
import { damaged } from './sealed-object.ts';

const ENTRY_BYTES = 12;

/** A point's place in the order and the first 8 hex digits of its id. */
export interface CatalogueEntry extends Sequence {
  readonly idPrefix: string;
}

export function encodeCatalogue(entries: readonly CatalogueEntry[]): Buffer {
  const sorted = [...entries].sort(compareSequence);
  const bytes = Buffer.alloc(4 + sorted.length * ENTRY_BYTES);
  bytes.writeUInt32LE(sorted.length, 0);
  for (const [index, entry] of sorted.entries()) {
    const at = 4 + index * ENTRY_BYTES;
    bytes.writeUInt32LE(entry.epoch, at);
    bytes.writeUInt32LE(entry.counter, at + 4);
    bytes.write(entry.idPrefix, at + 8, 4, 'hex');
  }
  return bytes;
}

/** Throws object-damaged. */
export function decodeCatalogue(bytes: Buffer, name: string): CatalogueEntry[] {
  const count = bytes.length >= 4 ? bytes.readUInt32LE(0) : -1;
  if (bytes.length !== 4 + count * ENTRY_BYTES) throw damaged(name, 'catalogue does not add up');
  return Array.from({ length: count }, (_, index) => {
    const at = 4 + index * ENTRY_BYTES;
    const idPrefix = bytes.toString('hex', at + 8, at + 12);
    return { epoch: bytes.readUInt32LE(at), counter: bytes.readUInt32LE(at + 4), idPrefix };
  });
}

/** `EEEEEEEE-CCCCCCCC-xxxxxxxx`: how entries are compared with each other. */
export function catalogueKey(entry: CatalogueEntry): string {
  return `${hex8(entry.epoch)}-${hex8(entry.counter)}-${entry.idPrefix}`;
}

/** Eight hex digits. */
export function hex8(value: number): string {
  return value.toString(16).padStart(8, '0');
}
