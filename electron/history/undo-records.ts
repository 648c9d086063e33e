// Where the state before each restore in place lies. The safety point itself is in a vault or a folder; losing the
// record loses the one click, not the data.
import { z } from 'zod';
import { isHexId, type PointId, type RunId, type VaultId } from '../../shared/model/ids.ts';
import type { UndoRecord } from '../../shared/model/run.ts';
import type { History } from './open-history.ts';

/** A restore in place can be taken back from now on. Recorded before the target is touched. */
export function recordUndo(history: History, undo: UndoRecord): boolean {
  return history.write(() => {
    history.db
      .prepare(
        `INSERT OR REPLACE INTO undo (run_id, restored_at_ms, target, safety, target_mark, kept_until_ms, undone_at_ms)
         VALUES (@run, @restoredAtMs, @target, @safety, @targetMark, @keptUntilMs, @undoneAtMs)`,
      )
      .run({
        ...undo,
        safety: JSON.stringify(undo.safety),
        targetMark: JSON.stringify(undo.targetMark ?? null),
      });
  });
}

/** The restore was taken back. */
export function recordUndone(history: History, run: RunId, undoneAtMs: number): boolean {
  return history.write(() => {
    history.db.prepare('UPDATE undo SET undone_at_ms = ? WHERE run_id = ?').run(undoneAtMs, run);
  });
}

/** The record of one restore; null when there is none. */
export function readUndo(history: History, run: RunId): UndoRecord | null {
  return parseUndoRow(history.db.prepare('SELECT * FROM undo WHERE run_id = ?').get(run));
}

/** Restores that can still be taken back at `nowMs`, newest first. */
export function listOpenUndos(history: History, nowMs: number): UndoRecord[] {
  return history.db
    .prepare(
      `SELECT * FROM undo WHERE undone_at_ms IS NULL AND (kept_until_ms IS NULL OR kept_until_ms > ?)
       ORDER BY restored_at_ms DESC, rowid DESC`,
    )
    .all(nowMs)
    .map(parseUndoRow)
    .filter((undo) => undo !== null);
}

/** Restore points of a vault that restores on this computer kept the state before them in, also those taken back since. */
export function listPointsKeptForUndo(history: History, vaultId: VaultId): readonly PointId[] {
  return history.db
    .prepare('SELECT * FROM undo')
    .all()
    .map(parseUndoRow)
    .flatMap((undo) =>
      undo?.safety.kind === 'point' && undo.safety.vaultId === vaultId ? [undo.safety.point] : [],
    );
}

const hexId = <T extends string>() =>
  z
    .string()
    .refine(isHexId)
    .transform((text) => text as T);

const safetySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('point'),
    vaultId: hexId<VaultId>(),
    place: z.string(),
    point: hexId<PointId>(),
  }),
  z.strictObject({ kind: z.literal('folder'), path: z.string() }),
  z.strictObject({ kind: z.literal('rows'), path: z.string() }),
]);

const undoRowSchema = z.object({
  run_id: hexId<RunId>(),
  restored_at_ms: z.number(),
  target: z.string(),
  safety: z.string(),
  target_mark: z.string(),
  kept_until_ms: z.number().nullable(),
  undone_at_ms: z.number().nullable(),
});

function parseUndoRow(row: unknown): UndoRecord | null {
  const parsed = undoRowSchema.safeParse(row);
  if (!parsed.success) return null;
  const { data } = parsed;
  try {
    return {
      run: data.run_id,
      restoredAtMs: data.restored_at_ms,
      target: data.target,
      safety: safetySchema.parse(JSON.parse(data.safety)),
      targetMark: JSON.parse(data.target_mark) as unknown,
      keptUntilMs: data.kept_until_ms,
      undoneAtMs: data.undone_at_ms,
    };
  } catch {
    return null;
  }
}
