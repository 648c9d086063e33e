// A restore in place, top to bottom: look and plan, fetch beside the target, check, keep the present state, then replace:
// through SQLite, by one rename, or file by file. Promise: until the safety point is there the target is not touched, and
// a crash at any moment leaves the old state, the new one, or an intent that the next start finishes.
import { chmod, chown, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { TargetLook } from '../sources/look-at-target.ts';
import { checkPageFile } from './check-page-file.ts';
import { keepAndReplace, type KeptAndReplaced, type Unchanged } from './keep-and-replace.ts';
import { inUse, isHeld } from './target-in-use.ts';
import { freeBytesOf } from './free-bytes.ts';
import type { SafetyPoint, SafetyWishes } from './make-safety-point.ts';
import { planInPlace, type InPlacePlan } from './plan-in-place.ts';
import { resolveTarget } from './resolve-target.ts';
import type { RestoreContent } from './restore-content.ts';
import type { RestorePhaseTime, RestoreTools } from './restore-tools.ts';
import { watchRestore, type RestoreWatch } from './restore-watch.ts';
import { onMissing } from './safe-target.ts';
import { removeDeadScratch, removeScratch, scratchPath } from './scratch-file.ts';
import { finishInterruptedSwaps, readNeededFiles, type InterruptedSwaps } from './swap-intent.ts';

/** SQLite's check of a large database on a slow disk. */
const CHECK_DEADLINE_MS = 6 * 3600_000;

export interface InPlaceRequest {
  readonly tools: RestoreTools;
  /** Absolute; links are followed. */
  readonly target: string;
  readonly content: RestoreContent;
  readonly safety: SafetyWishes;
  /** Called before the target is touched: the record of the safety point must be durable when it resolves. */
  readonly onSafetyPoint: (safety: SafetyPoint | null) => Promise<void>;
  /** Set by undo, which watches the target: throws target-changed when somebody wrote since. */
  readonly unchangedSince?: Unchanged | null;
}

export interface InPlaceResult extends KeptAndReplaced {
  /** Links resolved. */
  readonly target: string;
  readonly bytes: number;
  /** SQLite's integrity check was run on it and found nothing. */
  readonly isIntegrityChecked: boolean;
  /** Hex: the root that was computed from the file and equals the manifest's; null for raw files and local copies. */
  readonly root: string | null;
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

    const { safety, onSafetyPoint, unchangedSince = null } = request;
    const replacing = { tools, look, content, scratches, main: main.path, watch };
    const done = await keepAndReplace({ ...replacing, safety, onSafetyPoint, unchangedSince }, way);
    return {
      target: look.path,
      bytes,
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
  const isInUse = async (path: string): Promise<boolean> =>
    isHeld(await tools.host.call('lookAtTarget', path, { path }));
  const swaps = await finishInterruptedSwaps(folder, tools.clock, isInUse);
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
    const complaints = await watch.during(host.checkIntegrity(scratch, CHECK_DEADLINE_MS, signal));
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

function nothingToRestore(path: string): BackupError {
  return new BackupError({ code: 'target-refused', path, detail: 'nothing is stored of it' });
}
