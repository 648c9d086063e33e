// Chosen records, or whole tables, from a restore point back into the live database: one transaction beside the program
// that uses it, with what the records need, and an undo file with the previous values of every touched row.
// Promise: the copy is fetched once for looking, planning and restoring, and is gone afterwards.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { PageFile, PointSource } from '../../../shared/model/restore-point.ts';
import type {
  RowPage,
  RowRestoreOptions,
  RowRestorePlan,
  RowRestoreResult,
  RowSelection,
  UndoRowsResult,
} from '../../../shared/model/row-restore.ts';
import type { PointToRestore, RestorePhaseTime, RestoreTools } from './restore-tools.ts';
import { watchRestore, type RestoreWatch } from './restore-watch.ts';
import { fetchScratchDatabase, openScratchFolder, type ScratchFolder } from './scratch-database.ts';

/** How long a restore waits for the CRM to let go of its lock. */
export const ROW_PATIENCE_MS = 10_000;
/** Past this the worker is ended, and the transaction with it. */
const DEADLINE_MS = 3600_000;

export interface RowsRequest {
  readonly tools: RestoreTools;
  readonly from: PointToRestore;
  readonly source: PointSource;
  /** The database that rows come back into; null: where the source was. */
  readonly live: string | null;
  readonly scratchFolder: string;
}

export interface RowsToRestore extends RowRestoreOptions {
  readonly rows: readonly RowSelection[];
}

/** A copy to choose from. */
export interface OpenRowRestore extends AsyncDisposable {
  readonly live: string;
  /** Rows of the copy in the order of their keys; `search` finds text in any column. */
  read(wish: Omit<RowPageWish, 'path'>): Promise<RowPage>;
  /** Then and now, before anything is done. */
  plan(wish: RowsToRestore): Promise<RowRestorePlan>;
  /** Throws source-busy, target-refused, schema-differs; `undoPath` must not exist, and does not afterwards when nothing was done. */
  restore(wish: RowsToRestore, undoPath: string): Promise<RowRestoreResult>;
  /** Ends the last phase. */
  phases(): readonly RestorePhaseTime[];
}

export interface RowPageWish {
  readonly path: string;
  readonly table: string;
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** Fetches the copy. Throws point-damaged, target-full; target-refused for what is no SQLite database. */
export async function openRowRestore(request: RowsRequest): Promise<OpenRowRestore> {
  const { tools, source } = request;
  const live = request.live ?? source.path;
  const watch = watchRestore(tools);
  const folder = await openScratchFolder(tools, request.scratchFolder);
  try {
    const copy = await fetchCopy(request, folder, watch);
    return startRowRestore(tools, { live, copy }, folder, watch);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

async function fetchCopy(
  { tools, from, source }: RowsRequest,
  folder: ScratchFolder,
  watch: RestoreWatch,
): Promise<string> {
  const file = databaseOf(source);
  watch.start('fetch', file.size, source.name);
  const onBytes = watch.addBytes;
  const wish = { tools, from, source, file, folder, name: 'copy.db', onBytes };
  return (await fetchScratchDatabase(wish)).path;
}

function databaseOf(source: PointSource): PageFile {
  if (source.kind === 'sqlite' && source.pages !== null) return source.pages;
  const detail = 'records can be taken out of SQLite databases only';
  throw new BackupError({ code: 'target-refused', path: source.path, detail });
}

function startRowRestore(
  { host, signal }: RestoreTools,
  { live, copy }: { readonly live: string; readonly copy: string },
  folder: ScratchFolder,
  watch: RestoreWatch,
): OpenRowRestore {
  const options = { deadlineMs: DEADLINE_MS, signal };
  const requestOf = (wish: RowsToRestore) => ({
    live,
    copy,
    rows: wish.rows,
    onConflict: wish.onConflict,
    withChildren: wish.withChildren,
    addedSince: wish.addedSince,
    onSchemaDifference: wish.onSchemaDifference,
    patienceMs: ROW_PATIENCE_MS,
  });
  return {
    live,
    read: (wish) => host.call('readRows', copy, { ...wish, path: copy }, options),
    plan: (wish) => {
      watch.start('plan', null, live);
      return host.call('planRowRestore', live, requestOf(wish), options);
    },
    restore: (wish, undoPath) => {
      watch.start('swap', null, live);
      return host.call('restoreRows', live, { ...requestOf(wish), undoPath }, options);
    },
    phases: () => watch.finish(),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

export interface RowUndoRequest {
  readonly tools: Pick<RestoreTools, 'host' | 'signal'>;
  readonly live: string;
  /** Written by `restore`; whoever keeps it removes it. */
  readonly undoPath: string;
  /** Puts previous values back over what was changed since, too. */
  readonly evenIfChanged: boolean;
  /** Takes the undo back in its turn; left out: it cannot be. */
  readonly redoPath?: string;
}

/** Throws target-changed, target-refused, schema-differs, undo-missing, source-busy. */
export async function undoRestoredRows(request: RowUndoRequest): Promise<UndoRowsResult> {
  const { tools, live, undoPath, evenIfChanged } = request;
  const patienceMs = ROW_PATIENCE_MS;
  const redoPath = request.redoPath ?? null;
  const input = { live, undoPath, evenIfChanged, patienceMs, redoPath };
  const options = { deadlineMs: DEADLINE_MS, signal: tools.signal };
  return tools.host.call('undoRows', live, input, options);
}
