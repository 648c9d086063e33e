// What the worker's thread gives its handlers: the parts of a capture, and time for budgets and holds.
// The clock stays in the main thread; here only differences count, and no value of it leaves the thread.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaptureEnvironment, CaptureParts } from './capture-parts.ts';

/** The environment of a worker entry. */
export function threadEnvironment(parts: CaptureParts): CaptureEnvironment {
  return {
    parts,
    // oxlint-disable-next-line holdfast/no-ambient-time -- a function cannot cross into the thread; see above
    monotonicMs: () => performance.now(),
    sleep: (ms) => sleep(ms),
  };
}
