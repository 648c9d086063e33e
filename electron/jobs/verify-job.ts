// A check of a vault, on record: what was found whole counts as read back, what was not counts against it. Damage is noted
// in the vault, so that the next backup stores it anew.
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { PlanId, PointId, VaultId } from '../../shared/model/ids.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { Evidence } from '../../shared/model/run.ts';
import { pointStem } from '../engine/format/object-names.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { recordDamage } from '../engine/verify/record-damage.ts';
import { isSound, verifyVault, type VerifyReport } from '../engine/verify/verify-vault.ts';
import { evidenceOfPoint } from '../history/rebuild-from-points.ts';
import type { Engine } from './engine.ts';
import { learnPoints } from './learn-points.ts';
import { listPoints } from './list-points.ts';
import { recordRun, type JobContext } from './record-run.ts';
import { recordSeen } from './sight-vault.ts';
import { changeVault } from './use-vault.ts';

export interface VerifyJobRequest {
  readonly place: string;
  readonly depth: VerifyReport['depth'];
  readonly planId: PlanId | null;
  readonly expectedVault: VaultId | null;
}

export interface VerifyJobReport extends VerifyReport {
  /** True when everything can be brought back, be it by way of a second copy. */
  readonly isSound: boolean;
  /** Set when anything is left to be done, even where a second copy makes it good. */
  readonly failure: Failure | null;
}

/** Never throws for damage. */
export async function verifyJob(
  engine: Engine,
  request: VerifyJobRequest,
  context: JobContext,
): Promise<VerifyJobReport> {
  const { place, planId, expectedVault, depth } = request;
  const subject = { kind: 'verify', place, planId, expectedVault } as const;
  return recordRun(engine, subject, context, async (run) => {
    const { signal, onProgress } = run;
    const { vault } = await engine.vaults.open(run.located, signal);
    await learnPoints(engine, vault, place, signal);
    const report = await verifyVault({ vault, pool: engine.pool, depth, onProgress, signal });
    const { points } = await listPoints(engine, vault, signal);
    const newest = points[0]?.point.id ?? null;
    const failure = failureOfReport(vault, report, newest);
    run.note({
      bytesRead: report.bytesRead,
      problems: failure === null ? [] : [{ failure }],
      evidence: evidenceOf(
        report,
        points.map(({ point }) => point),
        engine.clock.nowMs(),
      ),
    });
    await recordSeen(engine, run.located);
    if (report.lostPacks.length > 0) await noteDamage(engine, vault, report, signal);
    return { ...report, isSound: isSound(report), failure };
  });
}

/** What a backup has stored again is whole: only what is still wrong counts. */
function failureOfReport(
  { storage }: Vault,
  report: VerifyReport,
  newest: PointId | null,
): Failure | null {
  const place = storage.location;
  const open = report.damage.filter(({ isHealed }) => !isHealed);
  const points = [...report.vanished, ...report.unreadablePoints].map((stem) => `points/${stem}`);
  const objects = [...open.map(({ object }) => object), ...points];
  if (objects.length === 0) return null;
  if (isSound(report)) return { code: 'vault-wounded', place, objects };
  const older = newest === null || points.length > 0 ? null : findOlderAlone(report, newest);
  if (older === null) return { code: 'vault-damaged', place, objects };
  const lost = open.filter(({ isRepaired }) => !isRepaired).map(({ object }) => object);
  return { code: 'point-damaged', point: older, objects: lost };
}

/** The last one of the points that lost something, if nothing else did and the newest is whole: then no new full is needed. */
function findOlderAlone({ affected, damage }: VerifyReport, newest: PointId): string | null {
  const isOfPoints = damage.every(
    ({ object, isRepaired }) => isRepaired || !object.startsWith('notes/'),
  );
  if (!isOfPoints || affected.some(({ point }) => point === newest)) return null;
  return affected.at(-1)?.point ?? null;
}

function evidenceOf(
  report: VerifyReport,
  points: readonly RestorePoint[],
  atMs: number,
): readonly Evidence[] {
  const affected = new Set(report.affected.map(({ point, source }) => `${point} ${source}`));
  // The list may know a point from before, of which no copy can be read now.
  const unreadable = new Set(report.unreadablePoints);
  return points.flatMap((point) => {
    const isUnreadable = unreadable.has(pointStem(point));
    const nameOf = new Map(point.sources.map(({ id, name }) => [id, name]));
    const copies = evidenceOfPoint(point).filter((item) => item.kind === 'copy');
    return copies.flatMap((copy): Evidence[] => {
      if (isUnreadable || affected.has(`${point.id} ${nameOf.get(copy.source)}`)) {
        return [copy, { ...copy, kind: 'damage', atMs, what: 'copy' }];
      }
      return report.depth === 'data' ? [copy, { ...copy, kind: 'read-back', atMs }] : [];
    });
  });
}

/** Another computer at work, or a place that takes no writes, does not spoil the check. */
async function noteDamage(
  engine: Engine,
  vault: Vault,
  report: VerifyReport,
  signal: AbortSignal,
): Promise<void> {
  try {
    await changeVault(engine, vault, 'verify', signal, async (lease) =>
      recordDamage(vault, lease, report),
    );
  } catch (error) {
    if (!(error instanceof BackupError) || signal.aborted) throw error;
    engine.notify({ kind: 'damage-not-noted', failure: failureOf(error) });
  }
}
