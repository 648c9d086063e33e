// What follows a crash of the window's page: it is loaded once more; a page that crashes again soon would do so for ever.

/** A page that ran for so long ran well: an older crash no longer counts. */
export const RAN_WELL_MS = 10 * 60_000;

export type CrashPlan = 'load-again' | 'say-so';

/** `lastMs`: the crash before this one; null: there was none. */
export function planAfterCrash(lastMs: number | null, nowMs: number): CrashPlan {
  return lastMs === null || nowMs - lastMs >= RAN_WELL_MS ? 'load-again' : 'say-so';
}
