// Progress and times of the phases of a restore.
import type { Phase } from '../../../shared/model/progress.ts';
import { createProgressMeter } from '../../../shared/model/progress-meter.ts';
import type { RestorePhaseTime, RestoreTools } from './restore-tools.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

const SIGN_OF_LIFE_MS = 1000;

export interface RestoreWatch {
  /** Begins a phase, ending the one before; throws `cancelled` if that was wished. */
  start(phase: Phase, bytesTotal: number | null, subject: string): void;
  readonly addBytes: (bytes: number) => void;
  /** Says every second that work which tells nothing itself is still going on. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Ends the last phase. */
  finish(): readonly RestorePhaseTime[];
}

export function watchRestore({
  clock,
  onProgress,
  signal,
}: Pick<RestoreTools, 'clock' | 'onProgress' | 'signal'>): RestoreWatch {
  const meter = createProgressMeter(clock, onProgress);
  const phases: { phase: Phase; ms: number }[] = [];
  let current: Phase | null = null;
  let startedMs = clock.monotonicMs();
  const end = (): void => {
    if (current === null) return;
    meter.finish();
    const ms = clock.monotonicMs() - startedMs;
    const known = phases.find(({ phase }) => phase === current);
    if (known === undefined) phases.push({ phase: current, ms });
    else known.ms += ms;
  };
  return {
    start(phase, bytesTotal, subject) {
      end();
      throwIfCancelled(signal);
      current = phase;
      startedMs = clock.monotonicMs();
      meter.start(phase, bytesTotal, subject);
    },
    addBytes: (bytes) => meter.add(bytes),
    async during(work) {
      const ticking = setInterval(() => meter.add(0), SIGN_OF_LIFE_MS);
      try {
        return await work;
      } finally {
        clearInterval(ticking);
      }
    },
    finish() {
      end();
      current = null;
      return phases;
    },
  };
}
