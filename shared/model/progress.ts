// Progress of a run. Reported at most ten times a second, the last report always.

export type Phase =
  | 'unlock'
  | 'inspect'
  | 'read'
  | 'commit'
  | 'prove'
  | 'plan'
  | 'safety-point'
  | 'fetch'
  | 'check'
  | 'swap'
  | 'compare'
  | 'count'
  | 'remove'
  | 'export';

export interface Progress {
  readonly phase: Phase;
  /** Bytes of the phase's work done so far, and in all where known. */
  readonly bytesDone: number;
  readonly bytesTotal: number | null;
  readonly bytesPerSecond: number;
  /** Seconds left in this phase; null while it cannot be told. */
  readonly secondsLeft: number | null;
  /** What is being worked on: a file or object name. */
  readonly subject: string | null;
}

export type ReportProgress = (progress: Progress) => void;
