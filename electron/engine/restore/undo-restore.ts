// Undoes a restore in place: the state before it comes back the same way as any other. Promise: what was written to the
// target since the restore is not lost unseen: it refuses, or keeps that state first when told to go on.
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { UndoRecord } from '../../../shared/model/run.ts';
import type { Unchanged } from './keep-and-replace.ts';
import { NO_SAFETY, type SafetyPoint, type SafetyWishes } from './make-safety-point.ts';
import { contentOfSafetyCopy } from './read-safety-copy.ts';
import { resolveTarget } from './resolve-target.ts';
import { contentOfSource, type RestoreContent } from './restore-content.ts';
import { restoreInPlace, tidyFolder, type InPlaceResult } from './restore-in-place.ts';
import type { PointToRestore, RestoreTools } from './restore-tools.ts';
import { dirname } from 'node:path';
import {
  isSameMark,
  markFiles,
  markState,
  parseTargetMark,
  type TargetMark,
} from './target-mark.ts';

export interface UndoRequest {
  readonly tools: RestoreTools;
  readonly record: Pick<UndoRecord, 'run' | 'target' | 'targetMark'> & {
    readonly safety: SafetyPoint;
  };
  /** The safety point, found by the caller; null when the safety copy lies in a folder. */
  readonly from: PointToRestore | null;
  /** Go on although the target was written to since; its present state is then kept by `safety`. */
  readonly evenIfChanged: boolean;
  readonly safety: SafetyWishes;
  readonly onSafetyPoint: (safety: SafetyPoint | null) => Promise<void>;
}

/** Throws undo-missing, target-changed, and whatever a restore in place throws. */
export async function undoRestore(request: UndoRequest): Promise<InPlaceResult> {
  const { tools, record } = request;
  const content = await contentOfSafety(request);
  const target = await resolveTarget(record.target);
  await tidyFolder(tools, dirname(target));
  const first = await tryUndo(request, content, target);
  // Our own closing of a log looks like a write: the second look finds it quiet, or really changed.
  const done = first === 'written-meanwhile' ? await tryUndo(request, content, target) : first;
  if (done === 'written-meanwhile') throw new BackupError({ code: 'target-changed', path: target });
  return done;
}

async function tryUndo(
  { tools, record, evenIfChanged, safety, onSafetyPoint }: UndoRequest,
  content: RestoreContent,
  target: string,
): Promise<InPlaceResult | 'written-meanwhile'> {
  const known = { tools, target, content, onSafetyPoint };
  try {
    const since = await watchUnchanged(tools, target);
    const isChanged = !(await isAsRestored(tools, target, parseTargetMark(record.targetMark)));
    if (isChanged && !evenIfChanged)
      throw new BackupError({ code: 'target-changed', path: target });
    if (isChanged) return await restoreInPlace({ ...known, safety });
    // What the restore put there is in the restore point; only what came after it has to be kept.
    const unchanged = { ...known, safety: NO_SAFETY, unchangedSince: since };
    return await restoreInPlace(unchanged).catch((error: unknown) => {
      if (hasCode(error, 'target-changed')) return 'written-meanwhile';
      throw error;
    });
  } finally {
    await tools.host.call('endWatch', target, { path: target }).catch(() => undefined); // a worker that ended holds nothing
  }
}

/** From before the comparison on: what is written after it must not be lost unseen either. */
async function watchUnchanged({ host }: RestoreTools, path: string): Promise<Unchanged> {
  const { file } = await host.call('lookAtTarget', path, { path });
  const watched = { path, holdsWriters: false };
  const commit = file === null ? null : await host.call('watchTarget', path, watched);
  return { commit, stamp: await host.call('stampTarget', path, { path }) };
}

async function contentOfSafety({ tools, record, from }: UndoRequest): Promise<RestoreContent> {
  const { safety } = record;
  if (safety.kind === 'folder') {
    const content = await contentOfSafetyCopy(safety.path);
    if (content === null) throw missing(record);
    return content;
  }
  const sources = from?.point.sources ?? [];
  const source = sources.find(({ path }) => path === record.target) ?? sources[0];
  const isRight = source !== undefined && (sources.length === 1 || source.path === record.target);
  if (from === null || !isRight || from.point.id !== safety.point) throw missing(record);
  return contentOfSource(tools, from, source);
}

/** A mark that cannot be read, or a target that cannot, counts as changed. */
async function isAsRestored(
  { host }: RestoreTools,
  path: string,
  mark: TargetMark | null,
): Promise<boolean> {
  const look = await host.call('lookAtTarget', path, { path });
  if (mark === null || look.file === null) return false;
  try {
    const now = mark.kind === 'state' ? markState(host, path) : markFiles(host, look);
    return isSameMark(await now, mark);
  } catch (error) {
    if (error instanceof BackupError && error.failure.code.startsWith('source-')) return false;
    throw error;
  }
}

function missing({ run }: UndoRequest['record']): BackupError {
  return new BackupError({ code: 'undo-missing', run });
}
