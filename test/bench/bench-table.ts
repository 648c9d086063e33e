/** Turns rounds into medians, ratios and verdicts, and these into Markdown. Pure: every figure comes in. */
import type { Round, Sample, Step } from './run-round.ts';
import { steps } from './run-round.ts';
import type { ToolName } from './tool.ts';

/** All rounds of each tool that took part. */
export type Rounds = Readonly<Partial<Record<ToolName, readonly Round[]>>>;

type Figure = keyof Sample;

export type Verdict = {
  readonly measure: string;
  readonly due: string;
  /** Our figure by the peer's. */
  readonly ratio: number;
  readonly limit: number;
  readonly isMet: boolean;
};

const mebibyte = 2 ** 20;
const maxPeakBytes = 250 * 1_000_000;

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

const median = (rounds: readonly Round[], step: Step, figure: Figure): number =>
  medianOf(rounds.map((round) => round[step][figure]));

/** What is due by DESIGN: our median at most `limit` of the fastest (or smallest) of these peers. */
const targets: readonly {
  readonly measure: string;
  readonly step: Step;
  readonly figure: Figure;
  readonly peers: readonly ToolName[];
  readonly limit: number;
}[] = [
  {
    measure: 'the day, bytes added',
    step: 'day',
    figure: 'bytesAdded',
    peers: ['restic'],
    limit: 1 / 30,
  },
  { measure: 'the day, time', step: 'day', figure: 'seconds', peers: ['restic'], limit: 1 / 4 },
  { measure: 'the day, time', step: 'day', figure: 'seconds', peers: ['borg'], limit: 1 / 5 },
  { measure: 'first full, time', step: 'full', figure: 'seconds', peers: ['restic'], limit: 0.7 },
  {
    measure: 'first full, bytes',
    step: 'full',
    figure: 'bytesAdded',
    peers: ['restic'],
    limit: 1.03,
  },
  {
    measure: 'restore, time',
    step: 'restore',
    figure: 'seconds',
    peers: ['restic', 'borg'],
    limit: 0.9,
  },
  {
    measure: 'nothing changed, time',
    step: 'nothing',
    figure: 'seconds',
    peers: ['restic'],
    limit: 1,
  },
];

/** One verdict for each target whose peers took part, then memory; none without Holdfast. */
export function judge(rounds: Rounds): Verdict[] {
  const own = rounds.holdfast;
  if (own === undefined) return [];
  const verdicts = targets.flatMap(({ measure, step, figure, peers, limit }): Verdict[] => {
    const theirs = peers.flatMap((peer) => (rounds[peer] === undefined ? [] : [rounds[peer]]));
    if (theirs.length < peers.length) return [];
    const best = Math.min(...theirs.map((each) => median(each, step, figure)));
    const ratio = median(own, step, figure) / best;
    const due = `at most ${formatLimit(limit)} of ${peers.length > 1 ? 'the better of ' : ''}${peers.join(' and ')}`;
    return [{ measure, due, ratio, limit, isMet: ratio <= limit }];
  });
  const peak = Math.max(...steps.map((step) => median(own, step, 'peakBytes')));
  const ratio = peak / maxPeakBytes;
  const memory = {
    measure: 'peak memory',
    due: 'at most 250 MB',
    ratio,
    limit: 1,
    isMet: ratio <= 1,
  };
  return [...verdicts, memory];
}

const formatLimit = (limit: number): string =>
  limit < 0.5 ? `1/${Math.round(1 / limit)}` : String(limit);

const formatRatio = (ratio: number): string =>
  ratio < 0.5 ? `1/${(1 / ratio).toFixed(1)}` : ratio.toFixed(2);

const formatBytes = (bytes: number): string =>
  bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

const stepNames: Readonly<Record<Step, string>> = {
  full: 'first full',
  nothing: 'nothing changed',
  day: 'the day',
  restore: 'restore',
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Medians of every tool: time, the flush after it, bytes added, memory. */
export function formatMedians(rounds: Rounds): string {
  const tools = Object.entries(rounds) as [ToolName, readonly Round[]][];
  const cell = (each: readonly Round[], step: Step): string => {
    const of = (figure: Figure): number => median(each, step, figure);
    const added = step === 'restore' ? '' : `, +${formatBytes(of('bytesAdded'))}`;
    const flush = of('flushSeconds') < 0.05 ? '' : ` (+${of('flushSeconds').toFixed(2)} s flush)`;
    const prove = of('proveSeconds') === 0 ? '' : `, proved in ${of('proveSeconds').toFixed(2)} s`;
    return `${of('seconds').toFixed(2)} s${flush}${added}, ${Math.round(of('peakBytes') / mebibyte)} MiB${prove}`;
  };
  return [
    row(['median', ...tools.map(([name]) => name)]),
    row(['---', ...tools.map(() => '---')]),
    ...steps.map((step) => row([stepNames[step], ...tools.map(([, each]) => cell(each, step))])),
  ].join('\n');
}

export function formatVerdicts(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ measure, due, ratio, limit, isMet }) => {
    const missedBy = `missed by ${Math.round((ratio / limit - 1) * 100)} %`;
    return row([measure, due, formatRatio(ratio), isMet ? 'met' : missedBy]);
  });
  return [
    row(['measure', 'due', 'measured', 'verdict']),
    row(['---', '---', '---', '---']),
    ...lines,
  ].join('\n');
}
