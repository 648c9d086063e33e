/**
 * The files that all tools back up: a CRM database and the same one after a day's work. Made once for a seed, a size and a
 * generator, and kept in the temporary folder; a work file goes back and forth between the two states page by page, as a
 * CRM would change it, without being written anew.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  globSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { createSampleCrm } from '../support/sample-crm.ts';
import { sampleDay } from '../support/sample-day.ts';

const pageSize = 4096;
const gibibyte = 2 ** 30;
const sliceBytes = 2 ** 22;

export type BenchData = {
  readonly basePath: string;
  readonly dayPath: string;
  /** What the tools are told to back up. */
  readonly workPath: string;
  readonly bytes: number;
  /** Numbers, from 0, of the pages that the day changed or added. */
  readonly changedPages: readonly number[];
  readonly baseDigest: string;
  readonly dayDigest: string;
};

/** Makes or finds the data for a size; the day's work shrinks with the size. */
export function prepareBenchData(bytes: number, seed: number): BenchData {
  const folder = join(tmpdir(), `holdfast-bench-${bytes}-${seed}-${generatorDigest()}`);
  if (!existsSync(folder)) makeData(folder, bytes, seed);
  const [basePath, dayPath, workPath] = ['base.db', 'day.db', 'crm.db'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  copyFileSync(basePath, workPath);
  const changedPages = JSON.parse(
    readFileSync(join(folder, 'changed-pages.json'), 'utf8'),
  ) as number[];
  return {
    basePath,
    dayPath,
    workPath,
    bytes: statSync(basePath).size,
    changedPages,
    baseDigest: digestFile(basePath),
    dayDigest: digestFile(dayPath),
  };
}

/** A changed generator makes other data. */
function generatorDigest(): string {
  const support = fileURLToPath(new URL('../support/', import.meta.url));
  const hash = createHash('sha256');
  for (const name of [
    'seeded-random.ts',
    ...globSync('sample-{crm*,day,names,text,words}.ts', { cwd: support }),
  ].sort()) {
    hash.update(readFileSync(join(support, name)));
  }
  return hash.digest('hex').slice(0, 8);
}

function makeData(folder: string, bytes: number, seed: number): void {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished);
  const [basePath, dayPath] = [join(unfinished, 'base.db'), join(unfinished, 'day.db')];
  createSampleCrm(basePath, { seed, size: { bytes } });
  copyFileSync(basePath, dayPath);
  const db = new Database(dayPath);
  db.pragma('synchronous = OFF');
  const scale = Math.min(1, bytes / gibibyte);
  sampleDay(db, seed + 1, {
    contactUpdates: Math.round(2_000 * scale),
    newActivities: Math.round(5_000 * scale),
  });
  db.close();
  writeFileSync(
    join(unfinished, 'changed-pages.json'),
    JSON.stringify(listChangedPages(basePath, dayPath)),
  );
  renameSync(unfinished, folder);
}

function listChangedPages(basePath: string, dayPath: string): number[] {
  const changed: number[] = [];
  const before = Buffer.alloc(sliceBytes);
  const base = openSync(basePath, 'r');
  forEachSlice(dayPath, (slice, offset) => {
    const known = readSync(base, before, 0, slice.length, offset);
    for (let at = 0; at < slice.length; at += pageSize) {
      const isSame =
        at < known && slice.compare(before, at, at + pageSize, at, at + pageSize) === 0;
      if (!isSame) changed.push((offset + at) / pageSize);
    }
  });
  closeSync(base);
  return changed;
}

function forEachSlice(path: string, action: (slice: Buffer, offset: number) => void): void {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(sliceBytes);
  for (let offset = 0; ;) {
    const length = readSync(file, buffer, 0, sliceBytes, offset);
    if (length === 0) break;
    action(buffer.subarray(0, length), offset);
    offset += length;
  }
  closeSync(file);
}

export function digestFile(path: string): string {
  const hash = createHash('sha256');
  forEachSlice(path, (slice) => hash.update(slice));
  return hash.digest('hex');
}

/** Reads the file once, so that every tool finds it in memory. */
export const warmFile = (path: string): void => forEachSlice(path, () => undefined);

/** Brings the work file to the state before or after the day, writing only the pages that differ. */
export function setWorkFile(data: BenchData, state: 'base' | 'day'): void {
  const from = openSync(state === 'base' ? data.basePath : data.dayPath, 'r');
  const to = openSync(data.workPath, 'r+');
  const page = Buffer.alloc(pageSize);
  for (const number of data.changedPages) {
    const length = readSync(from, page, 0, pageSize, number * pageSize);
    writeSync(to, page, 0, length, number * pageSize);
  }
  ftruncateSync(to, statSync(state === 'base' ? data.basePath : data.dayPath).size);
  closeSync(from);
  closeSync(to);
}
