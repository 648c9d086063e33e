// Times the phases of a run by the progress that it reports.
import type { Clock } from '../../shared/model/clock.ts';
import type { Phase, Progress, ReportProgress } from '../../shared/model/progress.ts';

export interface PhaseWatch {
  /** Passes reports on. */
  readonly onProgress: ReportProgress;
  /** Milliseconds spent in each phase until now. */
  end(): ReadonlyMap<Phase, number>;
}

/** Begins with `unlock`: what comes before the first report is finding and opening the vault. */
export function watchPhases(clock: Clock, report: ReportProgress): PhaseWatch {
  const spent = new Map<Phase, number>();
  let phase: Phase = 'unlock';
  let sinceMs = clock.monotonicMs();
  const close = (next: Phase): void => {
    const nowMs = clock.monotonicMs();
    spent.set(phase, (spent.get(phase) ?? 0) + nowMs - sinceMs);
    phase = next;
    sinceMs = nowMs;
  };
  return {
    onProgress(progress: Progress) {
      if (progress.phase !== phase) close(progress.phase);
      report(progress);
    },
    end() {
      close(phase);
      return spent;
    },
  };
}
