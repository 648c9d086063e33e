// Progress with speed and time left, at most ten reports a second, the last one always.
import type { Clock } from './clock.ts';
import type { Phase, Progress } from './progress.ts';

const REPORT_EVERY_MS = 100;
/** Speed before this long is noise. */
const STEADY_AFTER_MS = 500;

export interface ProgressMeter {
  /** Begins a phase; null total = not known. */
  start(phase: Phase, bytesTotal: number | null, subject: string | null): void;
  add(bytes: number): void;
  /** Reports the phase as it stands, whatever the last report's time. */
  finish(): void;
}

export function createProgressMeter(
  clock: Clock,
  report: (progress: Progress) => void,
): ProgressMeter {
  let phase: Phase = 'unlock';
  let bytesTotal: number | null = null;
  let subject: string | null = null;
  let bytesDone = 0;
  let startedMs = clock.monotonicMs();
  let reportedMs = -Infinity;
  let isTold = true;

  const send = () => {
    isTold = true;
    reportedMs = clock.monotonicMs();
    const elapsedMs = reportedMs - startedMs;
    const bytesPerSecond = elapsedMs > 0 ? (bytesDone * 1000) / elapsedMs : 0;
    const isSteady = elapsedMs >= STEADY_AFTER_MS && bytesPerSecond > 0 && bytesTotal !== null;
    const secondsLeft = isSteady
      ? Math.max(0, ((bytesTotal ?? 0) - bytesDone) / bytesPerSecond)
      : null;
    report({ phase, bytesDone, bytesTotal, bytesPerSecond, secondsLeft, subject });
  };
  return {
    start(nextPhase, total, nextSubject) {
      // The end of the phase before: else its bar would stop short.
      if (!isTold) send();
      phase = nextPhase;
      bytesTotal = total;
      subject = nextSubject;
      bytesDone = 0;
      startedMs = clock.monotonicMs();
      send();
    },
    add(bytes) {
      bytesDone += bytes;
      isTold = false;
      if (clock.monotonicMs() - reportedMs >= REPORT_EVERY_MS) send();
    },
    finish: send,
  };
}
