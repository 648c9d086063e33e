// What a dead process owes: the command after its backup is run at the next start, so that a service which was stopped
// for the backup does not stay stopped.
// Promise: of several processes one does it. It is run at least once; after a death at the very moment of its end, twice.
import { isActionDone } from '../../../shared/model/actions.ts';
import type { PlanId } from '../../../shared/model/ids.ts';
import { endLeftCommand } from '../../platform/end-left-command.ts';
import type { Engine } from '../engine.ts';
import { listOwed, readOwed, removeOwed } from './owed-after.ts';
import { tryPlanLock } from './plan-lock.ts';
import { actionFailure, runAction } from './run-action.ts';

/** Of all plans, beside each other; those of living processes are left to them. What goes wrong is said. */
export async function finishOwedActions(engine: Engine): Promise<void> {
  await Promise.all((await listOwed(engine)).map(async (plan) => finishUnlessHeld(engine, plan)));
}

async function finishUnlessHeld(engine: Engine, plan: PlanId): Promise<void> {
  try {
    using lock = await tryPlanLock(engine, plan);
    if (lock !== null) await finishOwed(engine, plan);
  } catch (error) {
    engine.notify({ kind: 'schedule-trouble', detail: String(error) });
  }
}

/** For whoever has the plan's lock. */
export async function finishOwed(engine: Engine, plan: PlanId): Promise<void> {
  const owed = await readOwed(engine, plan);
  if (owed === null) return;
  // It may be stopping still what is about to be started.
  if (owed.beforePid !== null) await endLeftCommand(owed.beforePid, `HOLDFAST_RUN=${owed.run}`);
  const { planId, planName, run, command, timeLimitMs } = owed;
  const record = await runAction(engine, {
    planId,
    planName,
    run,
    phase: 'after',
    action: { command, timeLimitMs },
    result: 'interrupted',
    isLate: true,
    signal: null,
  });
  await removeOwed(engine, plan);
  const failure = isActionDone(record.end) ? null : actionFailure(record);
  engine.notify({ kind: 'action-late', plan: planName, failure });
}
