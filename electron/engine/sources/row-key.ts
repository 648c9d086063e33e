// Keys of rows as text: what `--rows contacts:17,18` says and what examples show. Both ways use the same form.
// One column: its value as it is. Several: joined by `/`, with `\` before a `/` or `\` of a value. Blobs: x'0aff'.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Affinity } from './table-shape.ts';

/** A value as SQLite gives it when integers come as bigint. */
export type SqlValue = null | bigint | number | string | Buffer;

/** The key's text. */
export function formatRowKey(values: readonly SqlValue[]): string {
  const parts = values.map(formatPart);
  return parts.length === 1
    ? (parts[0] ?? '')
    : parts.map((part) => part.replaceAll(/[\\/]/g, String.raw`\$&`)).join('/');
}

function formatPart(value: SqlValue): string {
  return Buffer.isBuffer(value) ? `x'${value.toString('hex')}'` : String(value ?? 'NULL');
}

/** The parts of a key's text. Throws usage when there are not as many as the table's key has columns. */
export function splitRowKey(text: string, columns: number): readonly string[] {
  if (columns === 1) return [text];
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '/') {
      parts.push('');
      continue;
    }
    if (text[at] === '\\') at += 1;
    parts[parts.length - 1] += text[at] ?? '';
  }
  if (parts.length === columns) return parts;
  const detail = `${text} has ${parts.length} parts, the key of the table has ${columns}`;
  throw new BackupError({ code: 'usage', detail });
}

const BLOB = /^x'((?:[0-9a-f]{2})*)'$/i;
const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/;

/** Values that a part of a key may stand for in a column of this affinity; SQLite itself turns text into numbers there. */
export function valuesOfKeyPart(part: string, affinity: Affinity): readonly SqlValue[] {
  const blob = BLOB.exec(part)?.[1];
  const values: SqlValue[] = [part];
  if (blob !== undefined) values.push(Buffer.from(blob, 'hex'));
  if (affinity === 'blob' && INTEGER.test(part)) {
    const number = BigInt(part);
    if (BigInt.asIntN(64, number) === number) values.push(number);
  }
  if (
    affinity === 'blob' &&
    !INTEGER.test(part) &&
    part.trim() !== '' &&
    Number.isFinite(Number(part))
  ) {
    values.push(Number(part));
  }
  return values;
}
