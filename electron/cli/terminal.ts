// The two streams of the command line. stdout gets the answer and nothing else; stderr gets progress and messages.
// Promise: a progress line only where stderr is a terminal; it is wiped before anything else is written.
import type { ReadStream, WriteStream } from 'node:tty';
import type { Progress } from '../../shared/model/progress.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { askLine } from './ask-line.ts';
import { askSecret } from './ask-secret.ts';
import { printable } from './printable.ts';
import { formatProgress } from './progress-line.ts';

export interface Streams {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
}

export interface Terminal {
  /** True when somebody can be asked. */
  readonly canAsk: boolean;
  /** The answer, on stdout. */
  answer(text: string): void;
  /** A message, on stderr. */
  say(text: string): void;
  progress(progress: Progress): void;
  /** Wipes the progress line. */
  endProgress(): void;
  askSecret(question: string): Promise<string>;
  askLine(question: string, signal: AbortSignal): Promise<string>;
}

const FALLBACK_COLUMNS = 80;
const WIPE_LINE = '\r\u001b[2K';

/** Puts the streams to their use. */
export function openTerminal({ stdin, stdout, stderr }: Streams, locale: Locale): Terminal {
  let hasLine = false;
  // A reader that has seen enough (`| head`) is no error.
  stdout.on('error', () => undefined);
  stderr.on('error', () => undefined);
  const endProgress = (): void => {
    if (hasLine) stderr.write(WIPE_LINE);
    hasLine = false;
  };
  return {
    canAsk: stdin.isTTY && stderr.isTTY,
    answer(text) {
      endProgress();
      stdout.write(`${text}\n`);
    },
    say(text) {
      endProgress();
      stderr.write(`${printable(text, 'many')}\n`);
    },
    progress(progress) {
      if (!stderr.isTTY) return;
      const columns = (stderr.columns || FALLBACK_COLUMNS) - 1;
      stderr.write(WIPE_LINE + formatProgress(progress, locale, columns));
      hasLine = true;
    },
    endProgress,
    async askSecret(question) {
      endProgress();
      return askSecret(stdin, stderr, question);
    },
    async askLine(question, signal) {
      endProgress();
      return askLine(stdin, stderr, question, signal);
    },
  };
}
