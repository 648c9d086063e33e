// Which restore points a plan wants to keep. Every rule only adds to what is kept; what they mean for a list of points
// is decided in retention.ts.
import { z } from 'zod';

/** Null = rule not set. With no rule set at all, everything is kept. */
export interface KeepRules {
  /** The newest N. */
  readonly last: number | null;
  /** Everything younger than this, counted from the newest point. */
  readonly withinMs: number | null;
  /** The newest of each of the last N hours, days, ISO weeks, months and years that have a point. */
  readonly hourly: number | null;
  readonly daily: number | null;
  readonly weekly: number | null;
  readonly monthly: number | null;
  readonly yearly: number | null;
}

export const keepEverything: KeepRules = {
  last: null,
  withinMs: null,
  hourly: null,
  daily: null,
  weekly: null,
  monthly: null,
  yearly: null,
};

const count = z.int().min(1).max(100_000).nullable().default(null);

export const keepRulesSchema = z.strictObject({
  last: count,
  withinMs: z.int().min(1).nullable().default(null),
  hourly: count,
  daily: count,
  weekly: count,
  monthly: count,
  yearly: count,
});
