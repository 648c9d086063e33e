// The slots around a moment, worked out once per slot and not at every tick.
import type { Plan } from '../../../shared/model/plan.ts';
import { newestSlotMs, nextSlotMs } from '../../../shared/model/schedule.ts';
import { anchorOf, type SlotWindow } from './plan-due-work.ts';

/** The newest slot at `nowMs` and the next one. */
export type SlotsAt = (plan: Plan, nowMs: number) => SlotWindow;

/** Remembers the window of each plan for as long as it holds. */
export function createSlotsAt(): SlotsAt {
  const known = new Map<
    Plan['id'],
    SlotWindow & { readonly anchorMs: number; readonly of: Plan }
  >();
  return (plan, nowMs) => {
    const { schedule, createdAtMs } = plan;
    const anchorMs = anchorOf(schedule, createdAtMs, nowMs);
    const last = known.get(plan.id);
    const isSame =
      last !== undefined && last.anchorMs === anchorMs && isSameSchedule(last.of, plan);
    if (isSame && (last.newestMs ?? -Infinity) <= nowMs && nowMs < last.nextMs) {
      // Without a slot so far an earlier moment has none either.
      return last;
    }
    const newestMs = newestSlotMs(schedule, anchorMs, nowMs);
    const window = { newestMs, nextMs: nextSlotMs(schedule, anchorMs, nowMs), anchorMs, of: plan };
    known.set(plan.id, window);
    return window;
  };
}

function isSameSchedule(one: Plan, other: Plan): boolean {
  return (
    one.schedule === other.schedule ||
    JSON.stringify(one.schedule) === JSON.stringify(other.schedule)
  );
}
