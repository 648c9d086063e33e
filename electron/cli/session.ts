// What one command works with: the engine, the terminal, the words and the chosen global options.
import type { Readable } from 'node:stream';
import type { Clock, RandomBytes } from '../../shared/model/clock.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { Locale } from '../../shared/text/locale.ts';
import type { Engine } from '../jobs/engine.ts';
import type { JobContext } from '../jobs/record-run.ts';
import type { SecretVariables } from '../jobs/given-secret.ts';
import type { Labels } from './labels.ts';
import type { Terminal } from './terminal.ts';

export interface GlobalOptions {
  readonly json: boolean;
  readonly dataDir: string | undefined;
  readonly passphraseFile: string | null;
  /** Of network shares. */
  readonly shareUser: string | null;
  readonly sharePasswordFile: string | null;
}

export interface CliSession {
  readonly engine: Engine;
  readonly context: JobContext;
  readonly terminal: Terminal;
  readonly locale: Locale;
  readonly labels: Labels;
  readonly options: GlobalOptions;
  readonly variables: SecretVariables;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly cwd: string;
  readonly stdin: Readable;
}

/** What a command found out. `document` is the JSON answer without `ok`; `problems` make it exit code 3. */
export interface Answer {
  readonly document: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The failure that a finished run amounts to: problems, damage found. */
  readonly failure?: Failure;
  /** Default with a failure: finished with problems. */
  readonly exitCode?: number | 'by-failure';
}
