// What the scheduler remembers of a plan between ticks and starts, and how the end of its work changes that. Pure.
// Promise: a slot that was due stays due until a backup met it, a person gave it up, or all its tries failed.
import { z } from 'zod';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A place that is away: soon at first, for a share comes up a moment after the network; then as often as costs nothing. */
export const AWAY_WAITS_MS = [1, 2, 5, 15, 30].map((minutes) => minutes * MINUTE_MS);
/** A failed or busy backup: each try may read everything, so a slot gets one more try than there are waits here. */
export const FAILED_WAITS_MS = [5, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);
/** A locked key store: often only until its user has signed in; asking it costs nothing. */
export const KEY_WAITS_MS = [1, 2, 5].map((minutes) => minutes * MINUTE_MS);
/** After so many probes a place counts as gone, and a run is made that fails and says so. Before, it may just be late. */
export const AWAY_PROBES_UNTIL_SAID = 3;
const LONGEST_WAIT_MS = HOUR_MS;

const timeMs = z.number();
const retrySchema = z.object({
  slotMs: timeMs,
  tries: z.int().min(1),
  notBeforeMs: timeMs,
  cause: z.enum(['failed', 'away', 'key']),
});

export const planMemorySchema = z.object({
  /** The newest slot that needs nothing any more. */
  handledSlotMs: timeMs.nullable(),
  retry: retrySchema.nullable(),
  /** The history and the notices already say that the place is away. */
  isAwaySaid: z.boolean(),
  drillTriedAtMs: timeMs.nullable(),
});

export type PlanMemory = Readonly<z.infer<typeof planMemorySchema>>;

/** Of a plan that was never seen. */
export const emptyMemory: PlanMemory = {
  handledSlotMs: null,
  retry: null,
  isAwaySaid: false,
  drillTriedAtMs: null,
};

/** How work for a slot ended. `done`: there is a restore point; `given-up`: a person cancelled it. */
export type BackupOutcome = 'done' | 'given-up' | 'interrupted' | 'failed' | 'away' | 'key';

/** Drops what a clock that was wrong has left: it must neither hold backups back nor repeat them. */
export function soundMemory(memory: PlanMemory, nextSlotMs: number, nowMs: number): PlanMemory {
  const { handledSlotMs, retry, drillTriedAtMs } = memory;
  // One slot ahead is a clock that was put right by a little: that slot is not done twice.
  const isHandledAhead = handledSlotMs !== null && handledSlotMs > nextSlotMs;
  const isRetryAhead = retry !== null && retry.notBeforeMs > nowMs + LONGEST_WAIT_MS;
  const isDrillAhead = drillTriedAtMs !== null && drillTriedAtMs > nowMs + LONGEST_WAIT_MS;
  if (!isHandledAhead && !isRetryAhead && !isDrillAhead) return memory;
  return {
    ...memory,
    handledSlotMs: isHandledAhead ? null : handledSlotMs,
    retry: isRetryAhead ? null : retry,
    drillTriedAtMs: isDrillAhead ? null : drillTriedAtMs,
  };
}

/** The slot needs nothing any more. */
export function handleSlot(memory: PlanMemory, slotMs: number): PlanMemory {
  const handledSlotMs = Math.max(memory.handledSlotMs ?? slotMs, slotMs);
  return { ...memory, handledSlotMs, retry: null };
}

/** The memory after work for `slotMs` ended at `nowMs`. */
export function afterBackup(
  memory: PlanMemory,
  slotMs: number,
  outcome: BackupOutcome,
  nowMs: number,
): PlanMemory {
  switch (outcome) {
    case 'done':
      return { ...handleSlot(memory, slotMs), isAwaySaid: false };
    case 'given-up':
      return handleSlot(memory, slotMs);
    case 'interrupted':
      return { ...memory, retry: null };
    case 'failed':
      return afterFailure(memory, slotMs, nowMs);
    case 'away':
    case 'key': {
      const waits = outcome === 'away' ? AWAY_WAITS_MS : KEY_WAITS_MS;
      // A newer slot does not bring the place back: the waiting goes on.
      const tries = (memory.retry?.cause === outcome ? memory.retry.tries : 0) + 1;
      const waitMs = waits[Math.min(tries, waits.length) - 1] ?? LONGEST_WAIT_MS;
      const notBeforeMs = nowMs + waitMs;
      return { ...memory, retry: { slotMs, tries, notBeforeMs, cause: outcome } };
    }
  }
}

function afterFailure(memory: PlanMemory, slotMs: number, nowMs: number): PlanMemory {
  const { retry } = memory;
  const tries = (retry?.cause === 'failed' && retry.slotMs === slotMs ? retry.tries : 0) + 1;
  const waitMs = FAILED_WAITS_MS[tries - 1];
  // Tried often enough: the next slot is another chance, and `overdue` says that this one has no backup.
  if (waitMs === undefined) return handleSlot(memory, slotMs);
  return { ...memory, retry: { slotMs, tries, notBeforeMs: nowMs + waitMs, cause: 'failed' } };
}
