// Values of rows as JSON and back, without losing a bit: 1 is not 1.0, text may hold bytes that are no UTF-8.
// Promise: what `encodeValue` makes of a value, `bindingOf` gives back to SQLite as the same value of the same type.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SqlValue } from './row-key.ts';

/** Null; text; a small integer; or an object: i integer, r real, b blob, t bytes of a text (base64). */
export const exactValueSchema = z.union([
  z.null(),
  z.string(),
  z.number().int(),
  z.strictObject({ i: z.string().regex(/^-?\d+$/) }),
  z.strictObject({ r: z.string() }),
  z.strictObject({ b: z.base64() }),
  z.strictObject({ t: z.base64() }),
]);
export type ExactValue = z.infer<typeof exactValueSchema>;

/** SQL of a list of columns that `decodeExactRow` reads: the values with texts as bytes, then their types as one word. */
export function exactColumnsSql(columns: readonly string[]): string {
  const values = columns.map(
    (column) =>
      `CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) ELSE ${column} END`,
  );
  const types = columns.map((column) => `substr(typeof(${column}), 1, 1)`);
  return [...values, types.length === 0 ? `''` : types.join(' || ')].join(', ');
}

/** One row of such a list (raw, integers as bigint). */
export function encodeExactRow(
  row: readonly SqlValue[],
  isUtf8Database: boolean,
): readonly ExactValue[] {
  const types = String(row.at(-1) ?? '');
  return row
    .slice(0, -1)
    .map((value, index) => encodeValue(value, types[index] === 't', isUtf8Database));
}

function encodeValue(value: SqlValue, isText: boolean, isUtf8Database: boolean): ExactValue {
  if (value === null) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : { i: String(value) };
  }
  if (typeof value === 'number') return { r: Object.is(value, -0) ? '-0' : String(value) };
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value);
  if (!isText) return { b: bytes.toString('base64') };
  return isUtf8Database && isUtf8(bytes) ? bytes.toString('utf8') : { t: bytes.toString('base64') };
}

/** The value to bind, and the SQL of its place in a statement. */
export function bindingOf(value: ExactValue): { readonly value: SqlValue; readonly sql: string } {
  if (value === null || typeof value === 'string') return { value, sql: '?' };
  // Plain numbers are bound as reals.
  if (typeof value === 'number') return { value: BigInt(value), sql: '?' };
  if ('i' in value) return { value: BigInt(value.i), sql: '?' };
  if ('r' in value) return { value: Number(value.r), sql: '?' };
  if ('b' in value) return { value: Buffer.from(value.b, 'base64'), sql: '?' };
  return { value: Buffer.from(value.t, 'base64'), sql: 'CAST(? AS TEXT)' };
}

/** Tells one row from another: 32 hex digits. */
export function digestOfRow(values: readonly ExactValue[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32);
}
