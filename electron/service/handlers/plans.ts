// Changes of plans, and what the shell tells of the computer: both decide when scheduled work may start.
// Promise: a change holds at once on this computer; the copy of the plan in its vault follows in its turn.
import type { PlanId } from '../../../shared/model/ids.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { findPlan, listAllPlans } from '../../jobs/find-plan.ts';
import { changePlanFile, deletePlan, notePlanChange } from '../../jobs/plan-jobs.ts';
import { vaultOf } from '../../jobs/vault-of.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { Handlers } from '../serve-calls.ts';

export function createPlanHandlers(
  parts: AgentParts,
): Pick<Handlers, 'pause' | 'resume' | 'changePlan' | 'deletePlan' | 'power' | 'suspend' | 'wake'> {
  const { engine, board, scheduler, notices, emit } = parts;
  const change = async (id: PlanId, part: Parameters<typeof changePlanFile>[2]): Promise<Plan> => {
    const plan = await changePlanFile(engine, id, part);
    void noteInTurn(parts, plan);
    emit({ kind: 'changed', topics: ['overview'] });
    return plan;
  };
  const setPaused = async (id: PlanId | null, paused: Plan['paused']) => {
    const plans = id === null ? await listAllPlans(engine) : [await findPlan(engine, id)];
    for (const plan of plans) await change(plan.id, { paused });
    return { plans: plans.length };
  };
  return {
    pause: async ({ plan, untilMs }) => setPaused(plan, { untilMs }),
    resume: async ({ plan }) => setPaused(plan, null),
    changePlan: async ({ plan, name, schedule, keep }) =>
      change(plan, {
        ...(name === undefined ? {} : { name }),
        ...(schedule === undefined ? {} : { schedule }),
        ...(keep === undefined ? {} : { keep }),
      }),
    async deletePlan({ plan: id }) {
      const plan = await findPlan(engine, id);
      for (const job of board.list()) if (job.planId === id) board.cancel(job.id);
      await board.takeTurn(vaultOf(plan), async (context) => deletePlan(engine, plan, context));
      await scheduler.forget(id);
      notices.drop((notice) => notice.planId === id);
      emit({ kind: 'changed', topics: ['overview', 'notices'] });
      return plan;
    },
    async power(power) {
      scheduler.setPower(power);
      return {};
    },
    async suspend() {
      scheduler.hold();
      await board.interrupt();
      return {};
    },
    async wake() {
      scheduler.wake();
      return {};
    },
  };
}

/** While a run has the vault it waits; what goes wrong is said there, and the next backup makes up for it. */
async function noteInTurn({ engine, board }: AgentParts, plan: Plan): Promise<void> {
  await board
    .takeTurn(vaultOf(plan), async (context) => notePlanChange(engine, plan, context))
    .catch(() => undefined);
}
