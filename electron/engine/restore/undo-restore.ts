// Undoes a restore in place: the state before it comes back the same way as any other. Promise: what was written to the
// target since the restore is not lost unseen: it refuses, or keeps that state first when told to go on.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { UndoRecord } from '../../../shared/model/run.ts';
import type { CommitNumber } from '../sources/commit-number.ts';
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
  const { host } = tools;
  const look = await host.call('lookAtTarget', target, { path: target });
  // From before the comparison on: what is written after it must not be lost unseen either.
  const watched = { path: target, holdsWriters: false };
  const unchangedSince =
    look.file === null ? null : await host.call('watchTarget', target, watched);
  try {
    return await undoWatched(request, { content, target, unchangedSince });
  } finally {
    await host.call('endWatch', target, { path: target }).catch(() => undefined); // a worker that ended holds nothing
  }
}

interface Watched {
  readonly content: RestoreContent;
  readonly target: string;
  readonly unchangedSince: CommitNumber | null;
}

async function undoWatched(
  request: UndoRequest,
  { content, target, unchangedSince }: Watched,
): Promise<InPlaceResult> {
  const { tools, record, onSafetyPoint } = request;
  const isChanged = !(await isAsRestored(tools, target, parseTargetMark(record.targetMark)));
  if (isChanged && !request.evenIfChanged) {
    throw new BackupError({ code: 'target-changed', path: target });
  }
  // What the restore put there is in the restore point; only what came after it has to be kept.
  const known = { tools, target, content, onSafetyPoint };
  if (!isChanged) return restoreInPlace({ ...known, safety: NO_SAFETY, unchangedSince });
  return restoreInPlace({ ...known, safety: request.safety });
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
