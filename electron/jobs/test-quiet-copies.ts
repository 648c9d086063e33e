// SQLite copies that were not taken under SQLite's own locks (read twice, or recovered after a crash) must open and be sound
// before they count: they get a restore test at once.
import type { Problem } from '../../shared/model/failure.ts';
import type { PlanId, VaultId } from '../../shared/model/ids.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import { drillJob } from './drill-job.ts';
import type { Engine } from './engine.ts';
import type { JobContext } from './record-run.ts';

export interface QuietCopies {
  readonly place: string;
  readonly planId: PlanId | null;
  readonly expectedVault: VaultId | null;
  readonly point: RestorePoint;
}

/** What the tests found wrong; each test is a run of its own on record. */
export async function testQuietCopies(
  engine: Engine,
  { place, planId, expectedVault, point }: QuietCopies,
  context: JobContext,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const wanted = { kind: 'id', id: point.id } as const;
  for (const { name } of point.sources.filter(isUnvouched)) {
    const request = { place, wanted, only: name, planId, expectedVault };
    const { failure } = await drillJob(engine, request, context);
    if (failure !== null) problems.push({ failure, source: name });
  }
  return problems;
}

function isUnvouched({ kind, label }: PointSource): boolean {
  return kind === 'sqlite' && (label === 'quiet-copy' || label === 'recovered-after-crash');
}
