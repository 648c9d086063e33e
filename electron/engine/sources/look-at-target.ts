// The look at what a restore would replace: what lies there, who has it open, and whether SQLite may be let in.
// Plain reads alone; nothing is changed, nothing is decided.
import { accessSync, constants, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { SourceLock } from '../../../shared/model/source-lock.ts';
import { findAccessLock } from './access-lock.ts';
import { isWithoutWriteLocks } from './file-system-kind.ts';
import { findHolders } from './file-holders.ts';
import { sideFileOf, sideFileSuffixes } from './side-files.ts';
import { isWalMode, planAccess, readAccessFacts } from './source-access.ts';
import { codeOf } from './source-failure.ts';
import { lookAtSource } from './source-look.ts';

export interface TargetLook {
  /** Links resolved. */
  readonly path: string;
  /** Null when nothing is there. */
  readonly file: TargetFile | null;
  /** Names of side files that lie beside the path, with or without a database. */
  readonly sideFiles: readonly string[];
  /** Programs that have it open, by name; null where it cannot be told. */
  readonly heldBy: readonly string[] | null;
  /** What another maker's program on any computer left to say that it has it open. */
  readonly lock: SourceLock | null;
}

export interface TargetFile {
  readonly kind: 'sqlite' | 'other';
  readonly size: number;
  /** The side files' as well. */
  readonly bytesInAll: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Null where there is no database header. */
  readonly pageSize: number | null;
  readonly isWal: boolean;
  /** Why SQLite cannot be let in; null when it can. */
  readonly shutBecause: string | null;
}

/** What SQLite itself mends when it opens the file: just what the CRM would do next. */
const MENDED_BY_OPENING: readonly string[] = [
  'cut-transaction',
  'log-without-index',
  'side-files',
  'locked',
];

/** Looks at `path`, which has no links in it. */
export function lookAtTarget(path: string): TargetLook {
  const sideFiles = sideFileSuffixes
    .map((suffix) => sideFileOf(path, suffix))
    .filter((side) => statSync(side, { throwIfNoEntry: false }) !== undefined);
  const stat = statSync(path, { throwIfNoEntry: false });
  const names = sideFiles.map((side) => basename(side));
  if (stat === undefined) return { path, file: null, sideFiles: names, heldBy: [], lock: null };
  const sideBytes = sideFiles.reduce((sum, side) => sum + sizeOf(side), 0);
  const file = {
    size: stat.size,
    bytesInAll: stat.size + sideBytes,
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    gid: stat.gid,
    ...describe(path),
  };
  return { path, file, sideFiles: names, heldBy: findHolders(path), lock: findAccessLock(path) };
}

function describe(path: string): Pick<TargetFile, 'kind' | 'pageSize' | 'isWal' | 'shutBecause'> {
  const look = lookAtSource(path);
  const access = planAccess(look, readAccessFacts(look.path));
  const known = { pageSize: look.header?.pageSize ?? null, isWal: isWalMode(look) };
  if (access.kind === 'damaged') return { kind: 'sqlite', ...known, shutBecause: access.detail };
  const kind = look.hasSignature ? 'sqlite' : 'other';
  if (access.kind === 'bytes' && !MENDED_BY_OPENING.includes(access.reason)) {
    return { kind, ...known, shutBecause: access.reason };
  }
  if (!canWrite(path)) return { kind, ...known, shutBecause: 'not-writable' };
  return { kind, ...known, shutBecause: isWithoutWriteLocks(path) ? 'network-locks' : null };
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EROFS' || codeOf(error) === 'EPERM') {
      return false;
    }
    throw error;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
