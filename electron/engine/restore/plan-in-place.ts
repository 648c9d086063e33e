// Decides, from facts alone, how a target is replaced and how much room that takes.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { TargetLook } from '../sources/look-at-target.ts';
import { inUse, isHeld } from './target-in-use.ts';

export interface InPlaceFacts {
  readonly look: TargetLook;
  readonly content: {
    readonly kind: 'sqlite' | 'page-file' | 'raw';
    readonly pageSize: number | null;
    /** Bytes of the main file. */
    readonly size: number;
    /** Bytes of all files on a disk that knows holes. */
    readonly storedBytes: number;
  };
  /** Free bytes on the target's disk; null: not told. */
  readonly freeBytes: number | null;
  /** A local copy of the present state will lie on the same disk. */
  readonly isSafetyOnSameDisk: boolean;
}

export type InPlaceWay =
  /** Through SQLite's backup API: programs may stay open. */
  | { readonly kind: 'through-sqlite' }
  /** One rename; `mustFold`: the old database's log is folded in first, under lock. */
  | { readonly kind: 'swap'; readonly mustFold: boolean; readonly because: SwapReason }
  /** An intent file and several moves: programs must stay closed until it is done. */
  | { readonly kind: 'file-by-file'; readonly because: SwapReason };

export type SwapReason =
  | 'missing'
  | 'left-over-files'
  | 'page-size'
  | 'no-database'
  | 'cannot-open'
  | 'stored-raw';

export interface InPlacePlan {
  readonly way: InPlaceWay;
  /** On the target's disk. */
  readonly neededBytes: number;
}

/** Throws target-in-use when a swap would pull the file away under a program, target-full. */
export function planInPlace(facts: InPlaceFacts): InPlacePlan {
  const { look, freeBytes } = facts;
  const way = chooseWay(facts);
  if (way.kind !== 'through-sqlite' && isHeld(look)) throw inUse(look);
  const neededBytes = countNeeded(facts, way);
  if (freeBytes !== null && freeBytes < neededBytes) {
    throw new BackupError({ code: 'target-full', path: look.path, neededBytes, freeBytes });
  }
  return { way, neededBytes };
}

function chooseWay({ look, content }: InPlaceFacts): InPlaceWay {
  const { file } = look;
  const hasSideFiles = look.sideFiles.length > 0;
  if (content.kind === 'raw') return { kind: 'file-by-file', because: 'stored-raw' };
  if (file === null) {
    if (hasSideFiles) return { kind: 'file-by-file', because: 'left-over-files' };
    return { kind: 'swap', mustFold: false, because: 'missing' };
  }
  if (file.kind !== 'sqlite') {
    if (hasSideFiles) return { kind: 'file-by-file', because: 'left-over-files' };
    return { kind: 'swap', mustFold: false, because: 'no-database' };
  }
  if (file.shutBecause !== null) return { kind: 'file-by-file', because: 'cannot-open' };
  if (content.kind !== 'sqlite' || content.size === 0) {
    return { kind: 'swap', mustFold: true, because: 'no-database' };
  }
  // SQLite's backup API changes the page size in rollback mode only; the swap does in both.
  if (file.pageSize !== content.pageSize) {
    return { kind: 'swap', mustFold: true, because: 'page-size' };
  }
  return { kind: 'through-sqlite' };
}

/** The scratch file; through SQLite also the log or journal of the one transaction; and the safety copy. */
function countNeeded({ look, content, isSafetyOnSameDisk }: InPlaceFacts, way: InPlaceWay): number {
  const oldBytes = look.file?.bytesInAll ?? 0;
  const logBytes = way.kind === 'through-sqlite' ? Math.max(content.size, oldBytes) : 0;
  return content.storedBytes + logBytes + (isSafetyOnSameDisk ? oldBytes : 0);
}
