// What Home shows: every plan with its light, and what is under way.
import { listAllPlans } from '../../jobs/find-plan.ts';
import { overviewJob } from '../../jobs/overview-job.ts';
import { reportPlan } from '../../jobs/plan-status-job.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { Handlers } from '../serve-calls.ts';

export function createHomeHandlers({
  engine,
  board,
}: AgentParts): Pick<Handlers, 'overview' | 'jobs' | 'cancelJob' | 'status'> {
  return {
    overview: async () => overviewJob(engine),
    jobs: async () => ({ jobs: board.list() }),
    cancelJob: async ({ job }) => ({ isFound: board.cancel(job) }),
    async status() {
      const plans = [];
      for (const plan of await listAllPlans(engine)) {
        const { status } = await reportPlan(engine, plan);
        const { kind, reasons, proved } = status;
        plans.push({ id: plan.id, name: plan.name, status: kind, reasons, proved });
      }
      return { plans };
    },
  };
}
