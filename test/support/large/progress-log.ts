/**
 * What a call told of its progress, judged as a person in front of the screen would: something moves every few seconds, nothing
 * goes back, a known total is reached, and how long it still takes is said.
 */
import type { Phase, Progress } from '../../../shared/model/progress.ts';

type Report = { readonly atMs: number; readonly progress: Progress };

export type PhaseFacts = {
  readonly phase: Phase;
  readonly seconds: number;
  readonly reports: number;
  /** The longest time without a word. */
  readonly longestSilenceSeconds: number;
  readonly bytesDone: number;
  readonly bytesTotal: number | null;
  readonly toldTimeLeft: boolean;
};

export type ProgressLog = {
  readonly onProgress: (progress: Progress) => void;
  /** In the order in which they began; a phase that comes again is another one. */
  phases(endedMs: number): readonly PhaseFacts[];
  /** What is wrong with it; empty: nothing. */
  complaints(endedMs: number, longestSilenceSeconds: number): readonly string[];
};

/** A phase shorter than this need not tell how long it takes. */
const WORTH_TELLING_SECONDS = 3;

/** Times come from `performance.now()`. */
export function logProgress(): ProgressLog {
  const reports: Report[] = [];
  const groups = (): readonly (readonly Report[])[] => {
    const found: Report[][] = [];
    for (const report of reports) {
      const last = found.at(-1);
      const before = last?.at(-1)?.progress;
      const isNew =
        before?.phase !== report.progress.phase || before.subject !== report.progress.subject;
      if (last === undefined || isNew) found.push([report]);
      else last.push(report);
    }
    return found;
  };
  const factsOf = (group: readonly Report[], endedMs: number): PhaseFacts => {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) throw new RangeError('a phase without a report');
    const times = [...group.map(({ atMs }) => atMs), endedMs];
    const silences = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    return {
      phase: first.progress.phase,
      seconds: (endedMs - first.atMs) / 1000,
      reports: group.length,
      longestSilenceSeconds: Math.max(...silences) / 1000,
      bytesDone: last.progress.bytesDone,
      bytesTotal: last.progress.bytesTotal,
      toldTimeLeft: group.some(({ progress }) => progress.secondsLeft !== null),
    };
  };
  const phases = (endedMs: number): readonly PhaseFacts[] => {
    const all = groups();
    return all.map((group, index) => factsOf(group, all[index + 1]?.[0]?.atMs ?? endedMs));
  };
  return {
    phases,
    onProgress: (progress) => void reports.push({ atMs: performance.now(), progress }),
    complaints(endedMs, longestSilenceSeconds) {
      const found: string[] = [];
      if (reports.length === 0) found.push('not one report');
      for (const group of groups()) {
        const back = group.findIndex(
          ({ progress }, index) => progress.bytesDone < (group[index - 1]?.progress.bytesDone ?? 0),
        );
        if (back > 0) found.push(`${group[0]?.progress.phase}: bytes went back`);
      }
      for (const facts of phases(endedMs)) {
        const { phase, bytesDone, bytesTotal, seconds } = facts;
        if (facts.longestSilenceSeconds > longestSilenceSeconds)
          found.push(`${phase}: silent for ${facts.longestSilenceSeconds.toFixed(1)} s`);
        if (bytesTotal === null) continue;
        // A total may be an estimate; a bar that stops at nine tenths is no end.
        if (bytesDone < bytesTotal * 0.99 || bytesDone > bytesTotal * 1.01)
          found.push(`${phase}: ended at ${bytesDone} of ${bytesTotal} bytes`);
        if (seconds > WORTH_TELLING_SECONDS && !facts.toldTimeLeft)
          found.push(`${phase}: never told the time left`);
      }
      return found;
    },
  };
}
