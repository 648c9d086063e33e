// Asks a question on a terminal; the answer is seen. Never called unless somebody sits there.
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';

/** What was typed until Enter; empty when the input ends. Throws when the signal aborts. */
export async function askLine(
  input: ReadStream,
  output: WriteStream,
  question: string,
  signal: AbortSignal,
): Promise<string> {
  // Not as a terminal: Ctrl+C would then be a key like any other, and has to cancel us.
  const lines = createInterface({ input, output, terminal: false });
  const ended = once(lines, 'close').then(() => '');
  try {
    return await Promise.race([lines.question(`${question} `, { signal }), ended]);
  } finally {
    lines.close();
  }
}
