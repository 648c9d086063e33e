// A restore in place, top to bottom: look and plan, fetch beside the target, check, keep the present state, then replace:
// through SQLite, by one rename, or file by file. Promise: until the safety point is there the target is not touched, and
// a crash at any moment leaves the old state, the new one, or an intent that the next start finishes.
import { chmod, chown, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { TargetLook } from '../sources/look-at-target.ts';
import { checkPageFile } from './check-page-file.ts';
import {
  freeBytesOf,
  makeSafetyPoint,
  type SafetyPoint,
  type SafetyWishes,
} from './make-safety-point.ts';
import { placeNewFile, syncFolder } from './place-file.ts';
import { planInPlace, type InPlacePlan, type InPlaceWay } from './plan-in-place.ts';
import { resolveTarget } from './resolve-target.ts';
import type { RestoreContent } from './restore-content.ts';
import type { RestorePhaseTime, RestoreTools } from './restore-tools.ts';
import { watchRestore, type RestoreWatch } from './restore-watch.ts';
import { onMissing } from './safe-target.ts';
import { removeDeadScratch, removeScratch, scratchPath } from './scratch-file.ts';
import {
  finishInterruptedSwaps,
  readNeededFiles,
  runSwap,
  type InterruptedSwaps,
} from './swap-intent.ts';
import { markFiles, markState, type TargetMark } from './target-mark.ts';

const copyProgressSchema = z.object({ totalPages: z.number(), remainingPages: z.number() });
/** SQLite's check of a large database on a slow disk. */
const CHECK_DEADLINE_MS = 6 * 3600_000;
const RESTORE_DEADLINE_MS = 6 * 3600_000;

export interface InPlaceRequest {
  readonly tools: RestoreTools;
  /** Absolute; links are followed. */
  readonly target: string;
  readonly content: RestoreContent;
  readonly safety: SafetyWishes;
  /** Called before the target is touched: the record of the safety point must be durable when it resolves. */
  readonly onSafetyPoint: (safety: SafetyPoint | null) => Promise<void>;
}

export interface InPlaceResult {
  /** Links resolved. */
  readonly target: string;
  readonly way: InPlaceWay;
  readonly bytes: number;
  readonly safety: SafetyPoint | null;
  /** For the undo record. */
  readonly targetMark: TargetMark;
  /** SQLite's integrity check was run on it and found nothing. */
  readonly isIntegrityChecked: boolean;
  /** Hex: the root that was computed from the file and equals the manifest's; null for raw files and local copies. */
  readonly root: string | null;
  /** Pages that another program wrote between the restore and the comparison after it. */
  readonly pagesWrittenSince: number;
  readonly heldBy: readonly string[] | null;
  readonly phases: readonly RestorePhaseTime[];
}

/** Looks, and says what would happen; changes nothing but what an earlier crash left half done. */
export async function planRestoreInPlace(
  request: Pick<InPlaceRequest, 'tools' | 'target' | 'content' | 'safety'>,
): Promise<InPlacePlan & { readonly look: TargetLook }> {
  const { tools, content, safety } = request;
  const path = await resolveTarget(request.target);
  const folder = dirname(path);
  const { waiting } = await tidyFolder(tools, folder);
  const look = await tools.host.call('lookAtTarget', path, { path });
  // What a crash left half done is finished once the program that has it open is closed; not on top of it.
  if (waiting.includes(path)) throw inUse(look);
  const plan = planInPlace({
    look,
    content: {
      kind: content.kind,
      pageSize: content.pageSize,
      size: content.files[0]?.size ?? 0,
      storedBytes: content.files.reduce((sum, file) => sum + file.storedBytes, 0),
    },
    freeBytes: await freeBytesOf(folder),
    isSafetyOnSameDisk: await isOnSameDisk(folder, safety),
  });
  return { ...plan, look };
}

/** Throws what prevented it; see the phases for how far the target was touched: `swap` and later only. */
export async function restoreInPlace(request: InPlaceRequest): Promise<InPlaceResult> {
  const { tools, content } = request;
  const watch = watchRestore(tools);
  watch.start('plan', null, request.target);
  const { look, way } = await planRestoreInPlace(request);
  const folder = dirname(look.path);
  const scratches = content.files.map((file) => ({
    file,
    path: scratchPath(folder, tools.owner, tools.random),
  }));
  try {
    const bytes = content.files.reduce((sum, file) => sum + file.size, 0);
    watch.start('fetch', bytes, look.path);
    for (const { file, path } of scratches) await file.fetch(path, watch.addBytes);
    const [main] = scratches;
    if (main === undefined) throw nothingToRestore(look.path);
    await checkScratch(tools, content, main.path, look.path, watch);
    for (const { file, path } of scratches) await dressAs(path, look, file.mode);

    watch.start('safety-point', null, look.path);
    const safety = await makeSafetyPoint(tools, look, request.safety);
    await request.onSafetyPoint(safety);
    watch.start('swap', way.kind === 'through-sqlite' ? bytes : null, look.path);
    const done = await replace({ tools, look, content, scratches, main: main.path, watch }, way);
    return {
      target: look.path,
      bytes,
      safety,
      isIntegrityChecked: content.kind === 'sqlite',
      root: content.pages?.root ?? null,
      heldBy: look.heldBy,
      phases: watch.finish(),
      ...done,
    };
  } finally {
    // An intent that could not be carried out yet needs its files.
    const needed = await readNeededFiles(folder).catch(() => null);
    for (const { path } of scratches) {
      if (needed?.has(basename(path)) === false) await removeScratch(path).catch(() => undefined);
    }
  }
}

/** Finishes interrupted swaps in a folder and removes what killed restores left there. For the start of the app, too. */
export async function tidyFolder(
  tools: Pick<RestoreTools, 'host' | 'clock' | 'owner'>,
  folder: string,
): Promise<InterruptedSwaps> {
  const isHeld = async (path: string): Promise<boolean> =>
    ((await tools.host.call('lookAtTarget', path, { path })).heldBy ?? []).length > 0;
  const swaps = await finishInterruptedSwaps(folder, tools.clock, isHeld);
  await removeDeadScratch(folder, tools.owner, swaps.needed);
  return swaps;
}

async function isOnSameDisk(folder: string, { inVault, folders }: SafetyWishes): Promise<boolean> {
  const [first] = folders;
  if (inVault !== null || first === undefined) return false;
  const safety = await stat(first).catch(onMissing);
  return safety !== null && safety.dev === (await stat(folder)).dev;
}

/** SQLite's opinion first, the digest last: opening a file may change it. */
async function checkScratch(
  { host, pool, signal }: RestoreTools,
  content: RestoreContent,
  scratch: string,
  target: string,
  watch: RestoreWatch,
): Promise<void> {
  watch.start('check', content.pages?.size ?? null, target);
  if (content.kind === 'sqlite') {
    const complaints = await host.checkIntegrity(scratch, CHECK_DEADLINE_MS);
    if (complaints.length > 0) {
      const detail = `the stored copy is faithful, but its source was damaged: ${complaints[0]}`;
      throw new BackupError({ code: 'source-damaged', path: target, detail });
    }
  }
  if (content.pages !== null) {
    const onBytes = watch.addBytes;
    await checkPageFile({ path: scratch, file: content.pages, pool, onBytes, signal });
  }
}

/** Mode and owner of the old file, else those of the stored one. Only a privileged process can give a file away. */
async function dressAs(scratch: string, { file }: TargetLook, storedMode: number): Promise<void> {
  if (file !== null) {
    const own = await stat(scratch);
    if (own.uid !== file.uid || own.gid !== file.gid) {
      await chown(scratch, file.uid, file.gid).catch(() => undefined);
    }
  }
  await chmod(scratch, (file?.mode ?? storedMode) & 0o777);
  await using handle = await open(scratch, 'r');
  await handle.sync().catch(() => undefined); // Windows syncs only what is open for writing; the bytes are safe already
}

interface Replacing {
  readonly tools: RestoreTools;
  readonly look: TargetLook;
  readonly content: RestoreContent;
  readonly scratches: readonly {
    readonly file: { readonly suffix: string };
    readonly path: string;
  }[];
  readonly main: string;
  readonly watch: RestoreWatch;
}

type Replaced = Pick<InPlaceResult, 'way' | 'targetMark' | 'pagesWrittenSince'>;

async function replace(replacing: Replacing, way: InPlaceWay): Promise<Replaced> {
  if (way.kind === 'through-sqlite') return replaceThrough(replacing, way);
  if (way.kind === 'file-by-file') return replaceFiles(replacing, way);
  return replaceByRename(replacing, way);
}

async function replaceThrough(
  replacing: Replacing,
  way: Extract<InPlaceWay, { kind: 'through-sqlite' }>,
): Promise<Replaced> {
  const { tools, look, main, content, watch } = replacing;
  const { path } = look;
  const input = { path, scratch: main };
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
    const { pageSize, pageCount, size, sha256 } = done.digest;
    const targetMark = { kind: 'state', pageSize, pageCount, size, sha256 } as const;
    return { way, targetMark, pagesWrittenSince: done.pagesWrittenSince };
  } catch (error) {
    // It looked like a database that opens, and is none: nothing was changed.
    if (!hasCode(error, 'source-damaged')) throw error;
    return replaceByRename(replacing, { kind: 'swap', mustFold: true, because: 'cannot-open' });
  }
}

async function replaceByRename(
  replacing: Replacing,
  way: Extract<InPlaceWay, { kind: 'swap' }>,
): Promise<Replaced> {
  const { tools, look, main } = replacing;
  const { path } = look;
  const targetMark = await markState(tools.host, main);
  if (way.because === 'missing') {
    await placeNewFile(tools.clock, main, path);
    await syncFolder(dirname(path));
    return { way, targetMark, pagesWrittenSince: 0 };
  }
  const input = { path, scratch: main, isSqlite: way.mustFold };
  const outcome = await tools.host.call('replaceTarget', path, input);
  if (outcome.kind === 'replaced') return { way, targetMark, pagesWrittenSince: 0 };
  return replaceFiles(replacing, { kind: 'file-by-file', because: 'cannot-open' });
}

async function replaceFiles(
  { tools, look, content, scratches, main }: Replacing,
  way: Extract<InPlaceWay, { kind: 'file-by-file' }>,
): Promise<Replaced> {
  const { path } = look;
  const name = basename(path);
  const isRaw = content.kind === 'raw';
  const targetMark = isRaw ? null : await markState(tools.host, main);
  const moves = scratches.map(
    ({ file, path: from }) => [basename(from), name + file.suffix] as const,
  );
  const now = await tools.host.call('lookAtTarget', path, { path });
  if ((now.heldBy ?? []).length > 0) throw inUse(now);
  await runSwap(
    dirname(path),
    { target: path, removes: now.sideFiles, moves: moves.reverse() },
    tools,
  );
  const after = await tools.host.call('lookAtTarget', path, { path });
  return {
    way,
    targetMark: targetMark ?? (await markFiles(tools.host, after)),
    pagesWrittenSince: 0,
  };
}

function inUse({ path, heldBy }: TargetLook): BackupError {
  return new BackupError({ code: 'target-in-use', path, by: heldBy?.join(', ') ?? null });
}

function nothingToRestore(path: string): BackupError {
  return new BackupError({ code: 'target-refused', path, detail: 'nothing is stored of it' });
}
