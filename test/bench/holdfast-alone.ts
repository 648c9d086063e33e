/**
 * What no other tool has, measured on Holdfast alone: increments guided by the WAL in a process that keeps the vault open,
 * as the agent does, and the listing of very many restore points.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { createSampleCrm } from '../support/sample-crm.ts';
import { startCrmWriter, type CrmWriter } from '../support/start-crm-writer.ts';
import { setWorkFile, warmFile, type BenchData } from './bench-data.ts';
import { medianOf } from './bench-table.ts';
import { holdfast, holdfastCommand } from './holdfast.ts';
import { readPointCount } from './holdfast-output.ts';
import { flushDisk, measureCommand, runCommand } from './measure-command.ts';

/** A vault held open in this process, unlocked and leased: what the agent works with. */
export type HoldfastSession = AsyncDisposable & {
  /** Commits one restore point; does not read it back. `scan` reads all pages even where the WAL could guide. */
  backup(
    source: string,
    how: 'auto' | 'scan',
  ): Promise<{
    readonly method: 'scanned' | 'guided' | 'unchanged';
    readonly changedPages: number;
  }>;
};
export type OpenHoldfastSession = (folder: string) => Promise<HoldfastSession>;

export type GuidedFigures = {
  readonly guidedSeconds: number;
  readonly scannedSeconds: number;
  readonly changedPages: number;
};

/** About 100 pages: an activity and a contact each, with their indexes. */
const transactionsPerIncrement = 25;
const increments = 5;

/** Medians of increments after a few small transactions of another process that keeps the database open. */
export async function measureGuided(
  open: OpenHoldfastSession,
  data: BenchData,
): Promise<GuidedFigures> {
  const folder = mkdtempSync(join(dirname(data.workPath), 'guided-'));
  setWorkFile(data, 'base');
  // A copy: what the writer commits must not stay in the file that all tools share.
  const source = join(folder, 'crm.db');
  await runCommand({ program: 'cp', args: [data.workPath, source] });
  await holdfast.create(folder);
  try {
    await using writer = await startCrmWriter(source, { rate: 200 });
    await using session = await open(folder);
    await writer.pause();
    // A reader that stays keeps the log from being restarted: what is measured is the increment, not the luck of it.
    const reader = new Database(source, { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM users').get();
    await session.backup(source, 'auto');
    const guided = await measureIncrements(writer, session, source, 'auto');
    const scanned = await measureIncrements(writer, session, source, 'scan');
    reader.close();
    return {
      guidedSeconds: guided.seconds,
      scannedSeconds: scanned.seconds,
      changedPages: guided.pages,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureIncrements(
  writer: CrmWriter,
  session: HoldfastSession,
  source: string,
  how: 'auto' | 'scan',
): Promise<{ seconds: number; pages: number }> {
  const [seconds, pages]: [number[], number[]] = [[], []];
  for (let index = 0; index < increments; index++) {
    await letWrite(writer);
    warmFile(source);
    flushDisk();
    const startedMs = performance.now();
    const { method, changedPages } = await session.backup(source, how);
    seconds.push((performance.now() - startedMs) / 1000);
    pages.push(changedPages);
    const expected = how === 'auto' ? 'guided' : 'scanned';
    if (method !== expected) throw new Error(`an increment was ${method}, not ${expected}`);
  }
  return { seconds: medianOf(seconds), pages: medianOf(pages) };
}

async function letWrite(writer: CrmWriter): Promise<void> {
  const { transactions } = await writer.sum();
  await writer.resume();
  while ((await writer.sum()).transactions < transactions + transactionsPerIncrement);
  await writer.pause();
}

export type ListingFigures = { readonly points: number; readonly seconds: number };

/** Makes `count` restore points of a small database, then lists them with the command line in a process of its own. */
export async function measureListing(
  open: OpenHoldfastSession,
  inFolder: string,
  count: number,
): Promise<ListingFigures> {
  const folder = mkdtempSync(join(inFolder, 'listing-'));
  try {
    mkdirSync(join(folder, 'source'));
    const source = join(folder, 'source', 'crm.db');
    createSampleCrm(source, { seed: 1, size: { contacts: 20 }, journalMode: 'delete' });
    await holdfast.create(folder);
    {
      await using session = await open(folder);
      for (let index = 0; index < count; index++) {
        changeOneRow(source, index);
        await session.backup(source, 'auto');
      }
    }
    const listing = holdfastCommand(folder, ['points', '--at', holdfast.repository(folder)]);
    await runCommand(listing);
    const { seconds, stdout } = await measureCommand(listing);
    return { points: readPointCount(stdout), seconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function changeOneRow(path: string, index: number): void {
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  db.prepare('UPDATE contacts SET score = ? WHERE id = 1').run(index % 100);
  db.close();
}
