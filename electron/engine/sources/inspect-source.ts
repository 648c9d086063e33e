// Tells what a path is: its kind, its tables, who has it open. Never changes it; opens it only where that is safe.
import { realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { TableCount } from '../../../shared/model/restore-point.ts';
import { DAMAGED_FORMAT } from '../../../shared/model/setup.ts';
import { findAccessLock } from './access-lock.ts';
import type { SourceInspection } from './capture.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import { listCompanions } from './companion-files.ts';
import { countTables } from './count-tables.ts';
import { openConnection } from './descriptors.ts';
import { findHolders } from './file-holders.ts';
import { recogniseFormat } from './foreign-formats.ts';
import { refusalOf } from './route-refusal.ts';
import { startSharedLock } from './shared-lock.ts';
import { sideFileOf, sideFileSuffixes } from './side-files.ts';
import { isWalMode, planAccess, readAccessFacts, type SourceAccess } from './source-access.ts';
import { lookAtSource, type SourceLook } from './source-look.ts';
import { LONGEST_HOLD_MS } from './rollback-route.ts';

const WAL_STEP_MS = 50;
const HOLD_STEP_MS = LONGEST_HOLD_MS - 5;

/** Looks at a path. Throws the system's error when there is nothing, or nothing that may be read. */
export async function inspectSource(
  givenPath: string,
  countBudgetMs: number,
  environment: CaptureEnvironment,
): Promise<SourceInspection> {
  if (statSync(givenPath).isDirectory()) return inspectFolder(givenPath);
  const look = lookAtSource(givenPath);
  const access = planAccess(look, readAccessFacts(look.path));
  const found = await describe(look, access, countBudgetMs, environment);
  return {
    path: look.path,
    bytes: look.stamp.size,
    heldBy: countBudgetMs === 0 ? null : findHolders(look.path),
    lock: countBudgetMs === 0 ? null : findAccessLock(look.path),
    companions: countBudgetMs === 0 ? [] : listCompanions(look.path, found.format),
    sideFiles: listSideFiles(look),
    ...found,
  };
}

/** Rows of as many tables as the budget allows; throws source-busy or source-unsupported where SQLite is not let in. */
export async function countSource(
  path: string,
  budgetMs: number,
  environment: CaptureEnvironment,
): Promise<readonly TableCount[]> {
  const look = lookAtSource(path);
  const access = planAccess(look, readAccessFacts(look.path));
  if (access.kind === 'damaged') {
    throw new BackupError({ code: 'source-damaged', path, detail: access.detail });
  }
  if (access.kind === 'bytes') {
    throw new BackupError({ code: 'source-unsupported', path, detail: access.reason });
  }
  return countThrough(look, access, budgetMs, environment);
}

type Found = Pick<
  SourceInspection,
  'kind' | 'format' | 'detail' | 'journalMode' | 'encrypted' | 'tables' | 'pageSize' | 'isCutShort'
>;

async function describe(
  look: SourceLook,
  access: SourceAccess,
  countBudgetMs: number,
  environment: CaptureEnvironment,
): Promise<Found> {
  if (access.kind === 'damaged') {
    return { ...nothing, kind: 'raw', format: DAMAGED_FORMAT, detail: access.detail };
  }
  if (!look.hasSignature && look.stamp.size > 0) return describeForeign(look);
  const journalMode = isWalMode(look) ? 'wal' : 'rollback';
  const known = { ...nothing, kind: 'sqlite', format: 'SQLite database', journalMode } as const;
  if (access.kind === 'bytes') return { ...known, detail: reasonWords[access.reason] };
  try {
    if (countBudgetMs === 0) return known;
    const tables = await countThrough(look, access, countBudgetMs, environment);
    return { ...known, tables };
  } catch (error) {
    const reason = refusalOf(error);
    const detail = error instanceof Error ? error.message : String(error);
    return { ...known, detail: reason === null ? detail : reasonWords[reason] };
  }
}

const nothing = {
  detail: null,
  journalMode: null,
  encrypted: false,
  tables: null,
  pageSize: null,
  isCutShort: null,
} as const;

const reasonWords = {
  'not-sqlite': 'its pages cannot be read without its key',
  network: 'it lies on another computer and uses a write-ahead log',
  'not-writable': 'its folder is read-only',
  'log-without-index': 'a write-ahead log was left behind',
  'cut-transaction': 'a program stopped in the middle of a transaction',
  locked: 'another program has locked it',
  'newer-format': 'a newer SQLite wrote it',
  'side-files': 'only some of its side files are there',
  name: 'its name ends with a space',
} as const;

function describeForeign(look: SourceLook): Found {
  const format = recogniseFormat(look.path, look.stamp.size);
  const detail = format.isEncrypted ? 'it is encrypted, or no database that is known here' : null;
  return {
    ...nothing,
    kind: 'page-file',
    format: format.name,
    detail,
    encrypted: format.isEncrypted,
    pageSize: format.pageSize,
    isCutShort: format.isCutShort,
  };
}

async function countThrough(
  look: SourceLook,
  access: Extract<SourceAccess, { readonly journalMode: unknown }>,
  budgetMs: number,
  environment: CaptureEnvironment,
): Promise<readonly TableCount[]> {
  const isReadOnly = access.kind === 'read-only';
  using connection = openConnection(look.path, { isReadOnly, busyTimeoutMs: 0 });
  const { database } = connection;
  const lock = startSharedLock(database, environment, budgetMs);
  const isWal = access.journalMode === 'wal';
  const { counts } = await countTables(database, {
    budgetMs,
    stepMs: isWal ? WAL_STEP_MS : HOLD_STEP_MS,
    wholeTableMs: isWal ? budgetMs : HOLD_STEP_MS,
    monotonicMs: environment.monotonicMs,
    inState: async (step) => {
      await lock.take();
      try {
        return step();
      } finally {
        lock.release();
      }
    },
  });
  return counts;
}

function listSideFiles(look: SourceLook): readonly string[] {
  const there = { '-wal': look.wal, '-shm': look.shm, '-journal': look.journal };
  return sideFileSuffixes
    .filter((suffix) => there[suffix] !== null)
    .map((suffix) => basename(sideFileOf(look.path, suffix)));
}

function inspectFolder(path: string): SourceInspection {
  return {
    ...nothing,
    path: realpathSync(path),
    kind: 'folder',
    format: 'folder',
    bytes: 0,
    heldBy: null,
    lock: null,
    companions: [],
    sideFiles: [],
  };
}
