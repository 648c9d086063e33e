// The file that takes a restore of rows back: one JSON document a line, see `UndoLine`.
// Promise: it is whole and on the disk before the restore commits, or there is none; a cut or altered one is told.
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { exactValueSchema } from './exact-values.ts';

const headerSchema = z.strictObject({
  format: z.literal('holdfast-undo-rows'),
  version: z.literal(1),
  /** False: texts are bytes in the database's own encoding. */
  isUtf8: z.boolean(),
  tables: z.array(
    z.strictObject({
      name: z.string(),
      columns: z.array(z.string()),
      /** Key columns; empty where rows are told apart by their number. */
      key: z.array(z.string()),
    }),
  ),
  /** References of the previous rows that led nowhere even then. */
  dangling: z.number().int().min(0),
  /** Untouched rows that referred to nothing until the restore. */
  mended: z.number().int().min(0),
});
export type UndoHeader = z.infer<typeof headerSchema>;

const table = z.number().int().min(0);
const lineSchema = z.union([
  /** A row as it was: its number (null if that is a column), then its columns. */
  z.strictObject({ t: table, was: z.array(exactValueSchema) }),
  /** A row as the restore left it: key, and digest of its columns. */
  z.strictObject({ t: table, key: z.array(exactValueSchema), is: z.string() }),
  /** A row that the restore removed. */
  z.strictObject({ t: table, gone: z.array(exactValueSchema) }),
  /** Highest number given out in a table with AUTOINCREMENT, before and after; null: none yet. */
  z.strictObject({
    t: table,
    sequence: z.tuple([z.number().nullable(), z.number().nullable()]),
  }),
]);
export type UndoLine = z.infer<typeof lineSchema>;

const endSchema = z.strictObject({ end: z.literal(true), lines: z.number(), sha256: z.string() });

const BUFFER_BYTES = 256 * 1024;

export interface UndoWriter {
  write(line: UndoLine): void;
  /** Ends the file and brings it to the disk; gives its size. */
  finish(): number;
  /** Removes what was written. */
  abandon(): void;
}

/** Creates the file, readable by its owner only; it must not exist. */
export function createUndoFile(path: string, header: UndoHeader): UndoWriter {
  const fd = openSync(path, 'wx', 0o600);
  const digest = createHash('sha256');
  let [pending, pendingBytes, bytes, lines, isOpen] = [[] as Buffer[], 0, 0, 0, true];
  const flush = (): void => {
    const block = Buffer.concat(pending);
    for (let at = 0; at < block.length;) at += writeSync(fd, block, at);
    [pending, pendingBytes] = [[], 0];
  };
  const add = (document: unknown): void => {
    const line = Buffer.from(`${JSON.stringify(document)}\n`);
    digest.update(line);
    pending.push(line);
    pendingBytes += line.length;
    bytes += line.length;
    if (pendingBytes >= BUFFER_BYTES) flush();
  };
  const close = (): void => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  add(header);
  return {
    write: (line) => {
      add(line);
      lines += 1;
    },
    finish: () => {
      add({ end: true, lines, sha256: digest.copy().digest('hex') });
      flush();
      fsyncSync(fd);
      close();
      syncFolder(dirname(path));
      return bytes;
    },
    abandon: () => {
      close();
      rmSync(path, { force: true });
    },
  };
}

/** Brings a new name to the disk where the system can; Windows does it by itself. */
function syncFolder(folder: string): void {
  if (platform() === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The header, after the whole file was found to be as it was written. Throws undo-missing. */
export function checkUndoFile(path: string): UndoHeader {
  const digest = createHash('sha256');
  let header: UndoHeader | null = null;
  let lines = 0;
  for (const text of readLines(path)) {
    if (header !== null && text.startsWith('{"end"')) {
      const end = parseText(endSchema, text);
      if (end?.lines === lines && end.sha256 === digest.digest('hex')) return header;
      break;
    }
    digest.update(`${text}\n`);
    if (header === null) header = parseText(headerSchema, text);
    else lines += 1;
    if (header === null) break;
  }
  throw new BackupError({ code: 'undo-missing', run: path });
}

function parseText<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // Whatever it is, it was not written as an undo file.
    return null;
  }
}

/** Every line of a checked file. */
export function* readUndoLines(path: string): Generator<UndoLine> {
  let number = 0;
  for (const text of readLines(path)) {
    number += 1;
    if (number > 1 && !text.startsWith('{"end"')) yield lineSchema.parse(JSON.parse(text));
  }
}

function* readLines(path: string): Generator<string> {
  const fd = openUndoFile(path);
  try {
    const buffer = Buffer.alloc(BUFFER_BYTES);
    const decoder = new StringDecoder('utf8');
    // Pieces of a line that is longer than the buffer.
    let rest: string[] = [];
    for (;;) {
      const got = readSync(fd, buffer);
      if (got === 0) break;
      const [first = '', ...more] = decoder.write(buffer.subarray(0, got)).split('\n');
      rest.push(first);
      for (const next of more) {
        yield rest.join('');
        rest = [next];
      }
    }
    // A last line without its end was cut.
    if (rest.some((piece) => piece !== '')) yield rest.join('');
  } finally {
    closeSync(fd);
  }
}

function openUndoFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new BackupError({ code: 'undo-missing', run: path }, error);
  }
}
