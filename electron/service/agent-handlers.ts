// What the agent does for each call of the contract: hands it to a job, one run at a time.
import type { CallOutput } from '../../shared/ipc/contract.ts';
import { backupJob, type BackupReport } from '../jobs/backup-job.ts';
import type { Engine } from '../jobs/engine.ts';
import { findPlan, listAllPlans } from '../jobs/find-plan.ts';
import { reportPlan } from '../jobs/plan-status-job.ts';
import { runPlanJob } from '../jobs/run-plan-job.ts';
import { createRunQueue } from '../jobs/run-queue.ts';
import type { Handlers } from './serve-calls.ts';

/** `end` is called after the reply to `close` is on its way. */
export function createAgentHandlers(engine: Engine, end: () => void): Handlers {
  const queue = createRunQueue();
  return {
    backup: async ({ sources, ...input }, context) =>
      queue.add(context.signal, async () => {
        const request = {
          ...input,
          sources: sources.map((path) => ({ path, id: null, name: null })),
          planId: null,
          expectedVault: null,
        };
        return describe(await backupJob(engine, request, context));
      }),
    runPlan: async ({ plan }, context) =>
      queue.add(context.signal, async () =>
        describe(await runPlanJob(engine, await findPlan(engine, plan), context)),
      ),
    async status() {
      const plans: CallOutput<'status'>['plans'] = [];
      for (const plan of await listAllPlans(engine)) {
        const { status } = await reportPlan(engine, plan);
        const reasons = status.reasons.map((reason) => ({ ...reason }));
        const proved = status.proved.map((copy) => ({ ...copy }));
        plans.push({ id: plan.id, name: plan.name, status: status.kind, reasons, proved });
      }
      return { plans };
    },
    async close() {
      setImmediate(end);
      return {};
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
    phases: [...report.phases],
    durationMs: report.durationMs,
    problems: report.problems.map(({ failure, source }) => ({
      failure: { ...failure },
      ...(source === undefined ? {} : { source }),
    })),
  };
}
