// What makes restores in place undoable: records in the history, and local copies in the data folder for their time.
// Promise: the record is durable before the target is touched, or the restore does not begin.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from '../../shared/model/backup-error.ts';
import { UNDO_KEPT_DAYS } from '../../shared/model/bring-back.ts';
import type { PointId, VaultId } from '../../shared/model/ids.ts';
import type { UndoRecord } from '../../shared/model/run.ts';
import { listOpenUndos, recordUndo } from '../history/undo-records.ts';
import type { Engine } from './engine.ts';
import { findOutlived } from './outlived-undos.ts';

/** How long a restore in place can be undone. */
export const UNDO_KEPT_MS = UNDO_KEPT_DAYS * 24 * 3600_000;
/** Copies that no record names are removed after this: the record of a young one may be yet to come. */
const STRAY_AFTER_MS = UNDO_KEPT_MS + 24 * 3600_000;

/** The folder for local copies and undo files; made if need be, outdated ones removed. */
export async function openUndoFolder(engine: Engine): Promise<string> {
  const folder = join(engine.dataFolder, 'undo');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const nowMs = engine.clock.nowMs();
  const needed = new Set(
    listOpenUndos(engine.history(), nowMs).map(({ safety }) =>
      safety.kind === 'point' ? '' : safety.path,
    ),
  );
  const over: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (!needed.has(path) && nowMs - mtimeMs >= STRAY_AFTER_MS) over.push(name);
  }
  for (const name of await findOutlived(engine, 'files', over, UNDO_KEPT_MS)) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  return folder;
}

/** Puts the record in the history; throws no-safety-point when that is not durable and `goOnWithout` is not set. */
export function keepUndo(engine: Engine, undo: UndoRecord, goOnWithout: boolean): void {
  const history = engine.history();
  const isKept = recordUndo(history, undo) && history.notice?.kind !== 'in-memory';
  if (isKept || goOnWithout) return;
  const detail = `the history cannot be written: ${history.trouble() ?? 'it is in memory only'}`;
  throw new BackupError({ code: 'no-safety-point', path: undo.target, detail });
}

/** Restore points that an undo on this computer may still need. */
export async function pointsNeededForUndo(
  engine: Engine,
  vaultId: VaultId,
): Promise<readonly PointId[]> {
  return (await listNeededUndos(engine)).flatMap(({ safety }) =>
    safety.kind === 'point' && safety.vaultId === vaultId ? [safety.point] : [],
  );
}

/** Those that can be undone, and those of which only the clock says that they cannot any more. */
async function listNeededUndos(engine: Engine): Promise<readonly UndoRecord[]> {
  const history = engine.history();
  const open = new Set(listOpenUndos(history, engine.clock.nowMs()).map(({ run }) => run));
  const all = listOpenUndos(history, Number.MIN_SAFE_INTEGER);
  const over = all.filter(({ run }) => !open.has(run)).map(({ run }) => run);
  const outlived = await findOutlived(engine, 'runs', over, UNDO_KEPT_MS);
  return all.filter(({ run }) => !outlived.has(run));
}
