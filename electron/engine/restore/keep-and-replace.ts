// Keeps the target's present state and puts the restored one in its place: through SQLite, by one rename, or file by file.
// Promise: what is written while the state is being kept is kept as well: SQLite's own lock, or the files themselves, show
// whether anybody wrote since; then it is kept once more, and through SQLite writers wait from the second time on. Where
// nothing has to be kept because nothing has changed, what is written after that was found prevents it.
import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { CommitNumber } from '../sources/commit-number.ts';
import type { TargetLook } from '../sources/look-at-target.ts';
import { makeSafetyPoint, type SafetyPoint, type SafetyWishes } from './make-safety-point.ts';
import { placeNewFile, syncFolder } from './place-file.ts';
import type { InPlaceWay } from './plan-in-place.ts';
import type { RestoreContent } from './restore-content.ts';
import type { RestoreTools } from './restore-tools.ts';
import type { RestoreWatch } from './restore-watch.ts';
import { runSwap } from './swap-intent.ts';
import { inUse, isHeld } from './target-in-use.ts';
import { markFiles, markState, type TargetMark } from './target-mark.ts';

const copyProgressSchema = z.object({ totalPages: z.number(), remainingPages: z.number() });
/** Whether writers wait. Between our hold and SQLite's lock lie milliseconds: seldom does one slip in, hardly thrice. */
const TRIES = [false, true, true, true] as const;
const RESTORE_DEADLINE_MS = 6 * 3600_000;

export interface Replacing {
  readonly tools: RestoreTools;
  readonly look: TargetLook;
  readonly content: RestoreContent;
  readonly scratches: readonly {
    readonly file: { readonly suffix: string };
    readonly path: string;
  }[];
  readonly main: string;
  readonly watch: RestoreWatch;
  readonly safety: SafetyWishes;
  /** The record of the safety point must be durable when it resolves. */
  readonly onSafetyPoint: (safety: SafetyPoint | null) => Promise<void>;
  /** The caller looked at the target since then and needs nothing kept; throws target-changed if somebody wrote. */
  readonly unchangedSince: Unchanged | null;
}

/** How one tells that nobody wrote to a target: taken before it was compared. */
export interface Unchanged {
  /** Of the caller's watch; null where SQLite cannot be let in. */
  readonly commit: CommitNumber | null;
  /** Of the target's files. */
  readonly stamp: string;
}

export interface Replaced {
  readonly way: InPlaceWay;
  readonly targetMark: TargetMark;
  /** Pages that another program wrote between the restore and the comparison after it. */
  readonly pagesWrittenSince: number;
}

export type KeptAndReplaced = Replaced & { readonly safety: SafetyPoint | null };

/** Throws what prevented it; until the safety point is there the target is not touched. */
export async function keepAndReplace(
  replacing: Replacing,
  way: InPlaceWay,
): Promise<KeptAndReplaced> {
  if (way.kind !== 'through-sqlite') {
    await endWatch(replacing); // a file must not be replaced under a connection of ours
    return keepUntilUntouched(replacing, way);
  }
  if (replacing.unchangedSince !== null) {
    const { safety, stamp } = await keep(replacing, null);
    const commit = await commitUnchangedSince(replacing, replacing.unchangedSince);
    return { safety, ...(await replaceThrough(replacing, way, commit, stamp)) };
  }
  return keepUntilQuiet(replacing, way);
}

/** SQLite is let in although it was not when the caller looked: from here on it tells, and until here the files do. */
async function commitUnchangedSince(
  { tools, look: { path } }: Replacing,
  { commit, stamp }: Unchanged,
): Promise<CommitNumber | null> {
  if (commit !== null) return commit;
  const now = await tools.host.call('watchTarget', path, { path, holdsWriters: false });
  if ((await tools.host.call('stampTarget', path, { path })) === stamp) return now;
  throw new BackupError({ code: 'target-changed', path });
}

/** Nobody is held up: who has it open would have prevented it, so a write in between is rare. */
async function keepUntilUntouched(
  replacing: Replacing,
  way: Exclude<InPlaceWay, ThroughSqlite>,
): Promise<KeptAndReplaced> {
  let last: SafetyPoint | null = null;
  for (const _try of TRIES) {
    const { safety, stamp } = await keep(replacing, last);
    last = safety;
    replacing.watch.start('swap', null, replacing.look.path);
    try {
      const done =
        way.kind === 'swap'
          ? await replaceByRename(replacing, way, stamp)
          : await replaceFiles(replacing, way, stamp);
      return { safety, ...done };
    } catch (error) {
      if (!hasCode(error, 'target-changed') || replacing.unchangedSince !== null) throw error;
    }
  }
  throw inUse(replacing.look);
}

type ThroughSqlite = Extract<InPlaceWay, { kind: 'through-sqlite' }>;

/** Without holding anybody up first: most of the state is kept then, and the rest takes a moment. */
async function keepUntilQuiet(replacing: Replacing, way: ThroughSqlite): Promise<KeptAndReplaced> {
  const { look, tools } = replacing;
  const { path } = look;
  let last: SafetyPoint | null = null;
  for (const holdsWriters of TRIES) {
    try {
      const keptAt = await tools.host.call('watchTarget', path, { path, holdsWriters });
      const { safety, stamp } = await keep(replacing, last);
      last = safety;
      const done = await replaceThrough(replacing, way, stamp === null ? null : keptAt, stamp);
      return { safety, ...done };
    } catch (error) {
      if (!hasCode(error, 'target-changed')) throw error;
    } finally {
      await endWatch(replacing);
    }
  }
  throw inUse(look);
}

async function endWatch({ tools, look: { path } }: Replacing): Promise<void> {
  await tools.host.call('endWatch', path, { path }).catch(() => undefined); // a worker that ended holds nothing
}

interface Kept {
  readonly safety: SafetyPoint | null;
  /** Of the target's files before; null: nothing was kept now, so nothing is missed. */
  readonly stamp: string | null;
}

/** `last` is what was kept before and is outdated. */
async function keep(replacing: Replacing, last: SafetyPoint | null): Promise<Kept> {
  const { tools, look, watch, unchangedSince, safety: wishes } = replacing;
  const { path } = look;
  watch.start('safety-point', null, path);
  const stamp = await tools.host.call('stampTarget', path, { path });
  const safety = await makeSafetyPoint(tools, look, wishes);
  // Going on without: the record of the last one stands, and an older state is better than none.
  if (safety === null && last !== null) return { safety: last, stamp: null };
  await replacing.onSafetyPoint(safety);
  // Whose user goes on without may have a record that could not be replaced: then it still needs the copy that it names.
  if (last?.kind === 'folder' && !wishes.goOnWithout)
    await rm(last.path, { recursive: true, force: true });
  return { safety, stamp: safety === null ? (unchangedSince?.stamp ?? null) : stamp };
}

async function replaceThrough(
  replacing: Replacing,
  way: ThroughSqlite,
  keptAt: CommitNumber | null,
  stamp: string | null,
): Promise<Replaced> {
  const { tools, look, main, content, watch } = replacing;
  const { path } = look;
  const input = { path, scratch: main, keptAt };
  const bytes = content.files.reduce((sum, file) => sum + file.size, 0);
  watch.start('swap', bytes, path);
  let pagesDone = 0;
  const onProgress = (progress: unknown): void => {
    const { totalPages, remainingPages } = copyProgressSchema.parse(progress);
    const now = totalPages - remainingPages;
    watch.addBytes((now - pagesDone) * (content.pageSize ?? 0));
    pagesDone = now;
  };
  const options = { deadlineMs: RESTORE_DEADLINE_MS, signal: tools.signal, onProgress };
  try {
    const done = await tools.host.call('restoreThrough', path, input, options);
    // The worker tells at times: its last pages were not among them.
    watch.addBytes(Math.max(0, bytes - pagesDone * (content.pageSize ?? 0)));
    const { pageSize, pageCount, size, sha256 } = done.digest;
    const targetMark = { kind: 'state', pageSize, pageCount, size, sha256 } as const;
    return { way, targetMark, pagesWrittenSince: done.pagesWrittenSince };
  } catch (error) {
    // It looked like a database that opens, and is none: nothing was changed.
    if (!hasCode(error, 'source-damaged')) throw error;
    await endWatch(replacing);
    const swap = { kind: 'swap', mustFold: true, because: 'cannot-open' } as const;
    return replaceByRename(replacing, swap, stamp);
  }
}

async function replaceByRename(
  replacing: Replacing,
  way: Extract<InPlaceWay, { kind: 'swap' }>,
  keptAt: string | null,
): Promise<Replaced> {
  const { tools, look, main } = replacing;
  const { path } = look;
  const targetMark = await markState(tools.host, main);
  if (way.because === 'missing') {
    await placeNewFile(tools.clock, main, path);
    await syncFolder(dirname(path));
    return { way, targetMark, pagesWrittenSince: 0 };
  }
  const input = { path, scratch: main, isSqlite: way.mustFold, keptAt };
  const outcome = await tools.host.call('replaceTarget', path, input);
  if (outcome.kind === 'replaced') return { way, targetMark, pagesWrittenSince: 0 };
  return replaceFiles(replacing, { kind: 'file-by-file', because: 'cannot-open' }, keptAt);
}

async function replaceFiles(
  { tools, look, content, scratches, main }: Replacing,
  way: Extract<InPlaceWay, { kind: 'file-by-file' }>,
  keptAt: string | null,
): Promise<Replaced> {
  const { path } = look;
  const name = basename(path);
  const isRaw = content.kind === 'raw';
  const targetMark = isRaw ? null : await markState(tools.host, main);
  const moves = scratches.map(
    ({ file, path: from }) => [basename(from), name + file.suffix] as const,
  );
  const now = await tools.host.call('lookAtTarget', path, { path });
  if (isHeld(now)) throw inUse(now);
  await runSwap(
    dirname(path),
    { target: path, removes: now.sideFiles, moves: moves.reverse() },
    tools,
    async () => {
      const stamp = await tools.host.call('stampTarget', path, { path });
      if (keptAt !== null && stamp !== keptAt)
        throw new BackupError({ code: 'target-changed', path });
    },
  );
  const after = await tools.host.call('lookAtTarget', path, { path });
  return {
    way,
    targetMark: targetMark ?? (await markFiles(tools.host, after)),
    pagesWrittenSince: 0,
  };
}
