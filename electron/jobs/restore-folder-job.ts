// Restores a point, or a part of it, into a folder. Nothing that exists is overwritten.
import type { PlanId, VaultId } from '../../shared/model/ids.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { RestoreScope } from '../engine/restore/plan-into-folder.ts';
import {
  restoreIntoFolder,
  type FolderRestoreResult,
} from '../engine/restore/restore-into-folder.ts';
import { chooseScope } from './choose-scope.ts';
import type { Engine } from './engine.ts';
import { findPoint, type WantedPoint } from './find-point.ts';
import { recordRun, type JobContext } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';

export interface RestoreFolderRequest {
  readonly place: string;
  readonly wanted: WantedPoint;
  /** Null: everything. */
  readonly only: string | RestoreScope | null;
  /** The plan that it is done for, and its vault; left out: whatever is at the place. */
  readonly planId?: PlanId | null;
  readonly expectedVault?: VaultId | null;
  /** Absolute; made if need be. */
  readonly folder: string;
}

export interface RestoreFolderReport extends FolderRestoreResult {
  readonly point: RestorePoint;
  readonly durationMs: number;
}

/** Throws point-missing, file-missing-in-point, target-exists, target-full, point-damaged. */
export async function restoreFolderJob(
  engine: Engine,
  request: RestoreFolderRequest,
  context: JobContext,
): Promise<RestoreFolderReport> {
  const { place, folder, planId = null, expectedVault = null } = request;
  const startedMs = engine.clock.monotonicMs();
  const subject = { kind: 'restore', place, planId, expectedVault } as const;
  return recordRun(engine, subject, context, async (run) => {
    const { vault } = await engine.vaults.open(run.located, run.signal);
    const { point, index } = await findPoint(engine, vault, request.wanted);
    run.note({ point: point.id });
    const scope = await chooseScope(engine, vault, point, request.only);
    const result = await restoreIntoFolder({
      tools: await restoreToolsOf(engine, run),
      from: { vault, point, notes: index.notes },
      folder,
      scope,
      checkIntegrity: true,
    });
    run.note({ bytesRead: result.bytes, problems: result.problems });
    return { ...result, point, durationMs: engine.clock.monotonicMs() - startedMs };
  });
}
