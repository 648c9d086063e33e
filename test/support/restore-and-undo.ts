/** A restore in place that keeps the state before in the vault, and the undoing of it. */
import type { BackupResult } from '../../electron/engine/backup/backup-request.ts';
import { NO_SAFETY } from '../../electron/engine/restore/make-safety-point.ts';
import type { InPlaceResult } from '../../electron/engine/restore/restore-in-place.ts';
import type { PointToRestore, RestoreTools } from '../../electron/engine/restore/restore-tools.ts';
import { undoRestore } from '../../electron/engine/restore/undo-restore.ts';
import type { UndoRecord } from '../../shared/model/run.ts';
import { pointToRestore, restoreBackup } from './restore-trial.ts';
import type { TestEngine } from './test-engine.ts';

export interface RestoreToUndo {
  readonly engine: TestEngine;
  readonly tools: RestoreTools;
  /** What is replaced. */
  readonly path: string;
  readonly made: Pick<BackupResult, 'point'>;
}

export interface UndoableRestore {
  readonly result: InPlaceResult;
  undo(): Promise<InPlaceResult>;
}

/** Restores in place. */
export async function restoreKeeping(trial: RestoreToUndo): Promise<UndoableRestore> {
  const { engine, tools, path, made } = trial;
  const kept: PointToRestore[] = [];
  const inVault = async (target: string) => {
    const backup = await engine.backup(target, { host: tools.host });
    kept.push(await pointToRestore(engine, backup));
    const { vault, place } = engine;
    return { kind: 'point', vaultId: vault.id, place, point: backup.point.id } as const;
  };
  const safety = { inVault, folders: [], goOnWithout: false };
  const result = await restoreBackup(engine, made, path, { tools, safety });
  return { result, undo: async () => undo(tools, result, kept.at(-1) ?? null) };
}

async function undo(
  tools: RestoreTools,
  { safety, target, targetMark }: InPlaceResult,
  from: PointToRestore | null,
): Promise<InPlaceResult> {
  if (safety === null) throw new Error('nothing was kept');
  return undoRestore({
    tools,
    record: { run: 'a run' as UndoRecord['run'], target, targetMark, safety },
    from,
    evenIfChanged: false,
    safety: NO_SAFETY,
    onSafetyPoint: async () => undefined,
  });
}
