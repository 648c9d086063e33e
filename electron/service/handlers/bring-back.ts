// Bringing something back: points to choose from, what would happen, and doing it. Looking waits for nothing; what
// changes data takes its turn on the board and goes first there.
import type { OpenUndo } from '../../../shared/model/overview.ts';
import type { PlanId, PointId } from '../../../shared/model/ids.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { UndoRecord } from '../../../shared/model/run.ts';
import { readRun } from '../../history/runs.ts';
import { readUndo } from '../../history/undo-records.ts';
import { acknowledgeLossJob } from '../../jobs/acknowledge-loss-job.ts';
import { bringBackJob } from '../../jobs/bring-back-job.ts';
import { findPlan, listAllPlans } from '../../jobs/find-plan.ts';
import type { NewJob } from '../../jobs/job-board.ts';
import { oneClickJob } from '../../jobs/one-click-job.ts';
import { planToRead } from '../../jobs/plan-to-read.ts';
import { pointFilesJob } from '../../jobs/point-files-job.ts';
import { previewJob } from '../../jobs/preview-job.ts';
import { createRowSessions } from '../../jobs/row-sessions.ts';
import { dropLosses } from '../../jobs/say-losses.ts';
import { vaultOf } from '../../jobs/vault-of.ts';
import { timelineJob } from '../../jobs/timeline-job.ts';
import { undoJob } from '../../jobs/undo-job.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { CallContext, Handlers } from '../serve-calls.ts';

type BringBackCalls =
  | 'timeline'
  | 'acknowledgeLoss'
  | 'pointFiles'
  | 'openRows'
  | 'searchRows'
  | 'closeRows'
  | 'previewBringBack'
  | 'bringBack'
  | 'undo'
  | 'oneClick';

export function createBringBackHandlers(parts: AgentParts): Pick<Handlers, BringBackCalls> {
  const { engine, board, news, emit } = parts;
  const sessions = createRowSessions(engine);
  const planNamed = async (id: PlanId, point: PointId | null = null): Promise<Plan> =>
    planToRead(engine, await findPlan(engine, id), point);
  const look = async (plan: Plan, context: CallContext) => {
    const { losses, ...timeline } = await timelineJob(engine, plan, context);
    dropLosses(news, plan, losses);
    return timeline;
  };
  return {
    timeline: async ({ plan }, context) => look(await planNamed(plan), context),
    async acknowledgeLoss({ plan: id, point }, context) {
      const plan = await planNamed(id, point);
      await acknowledgeLossJob(engine, plan, point, context);
      await look(plan, context);
      emit({ kind: 'changed', topics: ['overview'] });
      return {};
    },
    pointFiles: async ({ plan, ...wish }, context) =>
      pointFilesJob(engine, await planNamed(plan, wish.point), wish, context),
    openRows: async ({ plan, ...of }, context) =>
      sessions.open(await planNamed(plan, of.point), of, context),
    searchRows: async (wish, context) => sessions.search(wish, context),
    async closeRows({ session }) {
      await sessions.close(session);
      return {};
    },
    async previewBringBack({ plan: id, goOnWithoutUndo: _, ...request }, context) {
      const plan = await planNamed(id, request.point);
      return previewJob(engine, sessions, { ...request, plan }, context);
    },
    async bringBack({ plan: id, ...request }, context) {
      const whole = await findPlan(engine, id);
      const plan = await planToRead(engine, whole, request.point);
      const job = { kind: 'restore', plan, origin: 'user', vault: vaultOf(whole) } as const;
      return board.add(job, context, async (running) =>
        bringBackJob(engine, sessions, { ...request, plan }, running),
      );
    },
    async undo({ run, evenIfChanged }, context) {
      const record = readUndo(engine.history(), run);
      const planId = readRun(engine.history(), run)?.planId ?? null;
      const plan = (await listAllPlans(engine)).find(({ id }) => id === planId) ?? null;
      const safety = record?.safety;
      const vault = safety?.kind === 'point' ? safety.vaultId : plan && vaultOf(plan);
      const job: NewJob = { kind: 'undo', plan, origin: 'user', vault };
      const { target, rows, redo } = await board.add(job, context, async (running) =>
        undoJob(engine, { run, evenIfChanged }, running),
      );
      return { target, rows, redo: redo && describeUndo(redo, planId) };
    },
    oneClick: async (_, context) => ({ offers: await oneClickJob(engine, sessions, context) }),
  };
}

function describeUndo(
  { run, target, restoredAtMs, safety, keptUntilMs }: UndoRecord,
  planId: PlanId | null,
): OpenUndo {
  const kind = safety.kind === 'rows' ? 'rows' : 'file';
  return { run, target, restoredAtMs, kind, keptUntilMs, planId };
}
