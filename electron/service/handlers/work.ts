// Work that is asked for: backups and restore tests.
import type { CallOutput } from '../../../shared/ipc/contract.ts';
import type { VaultId } from '../../../shared/model/ids.ts';
import { backupJob, type BackupReport } from '../../jobs/backup-job.ts';
import type { DrillReport } from '../../jobs/drill-job.ts';
import { findPlan } from '../../jobs/find-plan.ts';
import { locateVault } from '../../jobs/locate-vault.ts';
import { planToTest } from '../../jobs/plan-to-test.ts';
import { runPlanJob } from '../../jobs/run-plan-job.ts';
import { sayLosses } from '../../jobs/say-losses.ts';
import { drillPlanJob } from '../../jobs/scan-and-drill-job.ts';
import { vaultOf } from '../../jobs/vault-of.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { Handlers } from '../serve-calls.ts';
import { createPlanHandlers } from './plans.ts';

const byUser = { origin: 'user' } as const;

export function createWorkHandlers(
  parts: AgentParts,
): Pick<Handlers, 'backup' | 'runPlan' | 'drill' | keyof ReturnType<typeof createPlanHandlers>> {
  const { engine, board, news } = parts;
  let located: Promise<VaultId | null> = Promise.resolve(null);
  const vaultAt = async (place: string): Promise<VaultId | null> =>
    locateVault(place, engine).then(
      ({ vaultId }) => vaultId,
      () => null,
    );
  return {
    ...createPlanHandlers(parts),
    backup: async ({ sources, ...input }, context) => {
      // One after the other: who asks first is first in the lane.
      located = located.then(async () => vaultAt(input.place));
      const vault = await located;
      return board.add(
        { kind: 'backup', plan: null, ...byUser, vault },
        context,
        async (running) => {
          const request = {
            ...input,
            sources: sources.map((path) => ({ path, id: null, name: null })),
            planId: null,
            expectedVault: null,
          };
          return describe(await backupJob(engine, request, running));
        },
      );
    },
    runPlan: async ({ plan: id }, context) => {
      const plan = await findPlan(engine, id);
      const job = { kind: 'backup', plan, ...byUser, vault: vaultOf(plan) } as const;
      return board.add(job, context, async (running) => {
        const report = await runPlanJob(engine, plan, running);
        for (const each of [report, ...report.others]) sayLosses(news, plan, each);
        return describe(report);
      });
    },
    drill: async ({ plan: id }, context) => {
      const whole = await findPlan(engine, id);
      const plan = await planToTest(engine, whole);
      const job = { kind: 'drill', plan, ...byUser, vault: vaultOf(whole) } as const;
      return board.add(job, context, async (running) => {
        const report = await drillPlanJob(engine, plan, running);
        if (report.scan !== null) sayLosses(news, plan, report.scan);
        return describeDrill(report);
      });
    },
  };
}

function describe(report: BackupReport): CallOutput<'backup'> {
  const { point } = report;
  return {
    point: point.id,
    kind: point.kind,
    fullReason: report.fullReason,
    sources: point.sources.map(({ id, name, method, label, pages }) => ({
      id,
      name,
      method,
      label,
      changedPages: pages?.changedPages ?? null,
    })),
    bytesRead: point.written.readBytes,
    bytesStored: point.written.bytes,
    provedBytes: report.provedBytes,
    phases: report.phases,
    durationMs: report.durationMs,
    problems: report.problems,
  };
}

function describeDrill({
  point,
  outcome,
  recoveryMs,
  sources,
  failure,
}: DrillReport): CallOutput<'drill'> {
  return {
    point,
    outcome,
    recoveryMs,
    sources: sources.map((source) => {
      const { name, bytes, counts } = source;
      const asRecorded = counts.filter(({ rows, recorded }) => rows !== null && rows === recorded);
      const rows = asRecorded.reduce((sum, count) => sum + (count.rows ?? 0), 0);
      return {
        name,
        outcome: source.outcome,
        bytes,
        tables: asRecorded.length,
        rows,
        failure: source.failure,
      };
    }),
    failure,
  };
}
