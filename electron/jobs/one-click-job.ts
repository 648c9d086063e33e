// The shortest way back: for each plan the newest good restore point, and what bringing it back would change.
// Nothing is guessed and nothing done: the offer is shown, and confirmed once.
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import type { OneClickOffer } from '../../shared/model/bring-back.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Engine } from './engine.ts';
import { listAllPlans } from './find-plan.ts';
import { planToRead } from './plan-to-read.ts';
import { previewJob } from './preview-job.ts';
import type { JobContext } from './record-run.ts';
import type { RowSessions } from './row-sessions.ts';
import { timelineJob } from './timeline-job.ts';

/** A plan whose place is away gets an offer that says so. */
export async function oneClickJob(
  engine: Engine,
  sessions: RowSessions,
  context: JobContext,
): Promise<readonly OneClickOffer[]> {
  const offers: OneClickOffer[] = [];
  for (const whole of await listAllPlans(engine)) {
    const plan = await planToRead(engine, whole);
    offers.push(await offerFor(engine, sessions, plan, context));
  }
  return offers;
}

async function offerFor(
  engine: Engine,
  sessions: RowSessions,
  plan: Plan,
  context: JobContext,
): Promise<OneClickOffer> {
  const said = { plan: plan.id, planName: plan.name };
  try {
    const { preselected: point } = await timelineJob(engine, plan, context);
    if (point === null) return { ...said, preview: null, obstacle: null };
    const what = { kind: 'everything' } as const;
    const where = { kind: 'in-place' } as const;
    const request = { plan, point, what, where, compare: true };
    return {
      ...said,
      preview: await previewJob(engine, sessions, request, context),
      obstacle: null,
    };
  } catch (error) {
    if (!(error instanceof BackupError) || context.signal.aborted) throw error;
    return { ...said, preview: null, obstacle: failureOf(error) };
  }
}
