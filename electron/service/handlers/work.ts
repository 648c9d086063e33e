// Work that is asked for: backups, restore tests, and changes of plans.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { CallOutput } from '../../../shared/ipc/contract.ts';
import { backupJob, type BackupReport } from '../../jobs/backup-job.ts';
import { findPlan } from '../../jobs/find-plan.ts';
import { runPlanJob } from '../../jobs/run-plan-job.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { Handlers } from '../serve-calls.ts';

const later = async (): Promise<never> => {
  throw new BackupError({ code: 'unexpected', detail: 'not built yet' });
};

export function createWorkHandlers({
  engine,
  board,
}: AgentParts): Pick<
  Handlers,
  | 'backup'
  | 'runPlan'
  | 'drill'
  | 'pause'
  | 'resume'
  | 'changePlan'
  | 'deletePlan'
  | 'power'
  | 'suspend'
  | 'wake'
> {
  const byUser = { origin: 'user', vault: null } as const;
  return {
    backup: async ({ sources, ...input }, context) =>
      board.add({ kind: 'backup', plan: null, ...byUser }, context, async (running) => {
        const request = {
          ...input,
          sources: sources.map((path) => ({ path, id: null, name: null })),
          planId: null,
          expectedVault: null,
        };
        return describe(await backupJob(engine, request, running));
      }),
    runPlan: async ({ plan: id }, context) => {
      const plan = await findPlan(engine, id);
      return board.add({ kind: 'backup', plan, ...byUser }, context, async (running) =>
        describe(await runPlanJob(engine, plan, running)),
      );
    },
    drill: later,
    pause: later,
    resume: later,
    changePlan: later,
    deletePlan: later,
    power: later,
    suspend: later,
    wake: later,
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
