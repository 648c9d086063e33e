// The state before a restore in place, kept so that the restore can be undone: in the vault, else in a local folder with
// room. Promise: without one, the target is not touched unless the user said to go on all the same.
import { join } from 'node:path';
import { BackupError, failureOf, hasCode } from '../../../shared/model/backup-error.ts';
import type { UndoRecord } from '../../../shared/model/run.ts';
import type { TargetLook } from '../sources/look-at-target.ts';
import { freeBytesOf } from './free-bytes.ts';
import { makeSafetyCopy } from './make-safety-copy.ts';
import type { RestoreTools } from './restore-tools.ts';

/** Beside the bytes themselves: the record, and a little for others. */
const ROOM_TO_SPARE_BYTES = 1024 * 1024;

export type SafetyPoint = Exclude<UndoRecord['safety'], { readonly kind: 'rows' }>;
type SafetyInVault = Extract<SafetyPoint, { readonly kind: 'point' }>;

export interface SafetyWishes {
  /** Makes an ordinary backup of the target as it is now; null: no vault can be written. */
  readonly inVault: ((target: string) => Promise<SafetyInVault>) | null;
  /** Folders for a local copy, the first with room is taken; each must exist. */
  readonly folders: readonly string[];
  /** The user wants the restore even if the present state cannot be kept. */
  readonly goOnWithout: boolean;
}

export const NO_SAFETY: SafetyWishes = { inVault: null, folders: [], goOnWithout: true };

/** Null: there was nothing to keep, or the user goes on without. Throws no-safety-point, and `cancelled`. */
export async function makeSafetyPoint(
  tools: RestoreTools,
  look: TargetLook,
  wishes: SafetyWishes,
): Promise<SafetyPoint | null> {
  if (look.file === null && look.sideFiles.length === 0) return null;
  const reasons: string[] = [];
  if (wishes.inVault !== null) {
    try {
      return await wishes.inVault(look.path);
    } catch (error) {
      if (tools.signal.aborted || hasCode(error, 'cancelled')) throw error;
      reasons.push(`vault: ${failureOf(error).code}`);
    }
  }
  for (const parent of wishes.folders) {
    try {
      return await copyInto(tools, look, parent);
    } catch (error) {
      if (tools.signal.aborted || hasCode(error, 'cancelled')) throw error;
      reasons.push(`${parent}: ${failureOf(error).code}`);
    }
  }
  if (wishes.goOnWithout) return null;
  const detail = reasons.join('; ') || 'neither a vault nor a folder was given';
  throw new BackupError({ code: 'no-safety-point', path: look.path, detail });
}

async function copyInto(
  tools: RestoreTools,
  look: TargetLook,
  parent: string,
): Promise<SafetyPoint> {
  const neededBytes = (look.file?.bytesInAll ?? 0) + ROOM_TO_SPARE_BYTES;
  const freeBytes = await freeBytesOf(parent);
  if (freeBytes !== null && freeBytes < neededBytes) {
    throw new BackupError({ code: 'target-full', path: parent, neededBytes, freeBytes });
  }
  const path = join(parent, `before-restore-${Buffer.from(tools.random(8)).toString('hex')}`);
  await makeSafetyCopy(tools, look, path);
  return { kind: 'folder', path };
}
