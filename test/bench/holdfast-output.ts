/** All that the benchmark reads out of Holdfast's own answers. Everything else is measured from outside. */
import { z } from 'zod';

const phasesAnswer = z.looseObject({
  ok: z.literal(true),
  phases: z.array(z.looseObject({ phase: z.string(), ms: z.number().nonnegative() })),
});

/**
 * The read-back after a backup's commit, and SQLite's integrity check after a restore: shown apart, and taken off the time
 * that is compared with tools that have neither. Authenticating every page stays in.
 */
export function readProveMs(stdout: string): number {
  const { phases } = phasesAnswer.parse(JSON.parse(stdout));
  const isProof = (phase: string): boolean => phase === 'prove' || phase === 'check';
  return phases.reduce((sum, { phase, ms }) => sum + (isProof(phase) ? ms : 0), 0);
}

const pointsAnswer = z.looseObject({
  ok: z.literal(true),
  points: z.array(z.looseObject({ id: z.string() })),
});

/** How many restore points a listing shows. */
export const readPointCount = (stdout: string): number =>
  pointsAnswer.parse(JSON.parse(stdout)).points.length;
