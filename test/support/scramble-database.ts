/**
 * Makes an encrypted database of a plain one, as page codecs do: every page is scrambled where it stands, in the file and
 * in the log, and the log's checksums are made over the scrambled pages. Scrambling twice gives the plain one back.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Scrambles a database and its log in place. */
export function scrambleDatabase(path: string, pageSize: number): void {
  const bytes = readFileSync(path);
  for (let at = 0; at < bytes.length; at += pageSize) {
    scramblePage(bytes.subarray(at, at + pageSize), at / pageSize + 1);
  }
  writeFileSync(path, bytes);
  if (existsSync(`${path}-wal`)) scrambleLog(`${path}-wal`, pageSize);
}

function scramblePage(page: Buffer, number: number): void {
  const stream = createHash('shake256', { outputLength: page.length }).update(`${number}`).digest();
  for (let index = 0; index < page.length; index += 1) {
    page[index] = (page[index] ?? 0) ^ (stream[index] ?? 0);
  }
}

function scrambleLog(path: string, pageSize: number): void {
  const log = readFileSync(path);
  let sums: readonly [number, number] = [log.readUInt32BE(24), log.readUInt32BE(28)];
  for (let at = 32; at + 24 + pageSize <= log.length; at += 24 + pageSize) {
    scramblePage(log.subarray(at + 24, at + 24 + pageSize), log.readUInt32BE(at));
    sums = addUp(log.subarray(at, at + 8), sums);
    sums = addUp(log.subarray(at + 24, at + 24 + pageSize), sums);
    log.writeUInt32BE(sums[0], at + 16);
    log.writeUInt32BE(sums[1], at + 20);
  }
  writeFileSync(path, log);
}

/** The log's checksum for little-endian machines, as sqlite.org/fileformat.html gives it. */
function addUp(bytes: Buffer, start: readonly [number, number]): readonly [number, number] {
  let [first, second] = start;
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + bytes.readUInt32LE(at) + second) >>> 0;
    second = (second + bytes.readUInt32LE(at + 4) + first) >>> 0;
  }
  return [first, second];
}
