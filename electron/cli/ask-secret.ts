// Asks for a passphrase on a terminal, without showing it. Never called unless somebody sits there.
import type { ReadStream, WriteStream } from 'node:tty';
import { BackupError } from '../../shared/model/backup-error.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACES: readonly string[] = ['\u0008', '\u007f'];

/** What was typed until Enter. Ctrl-C throws cancelled. */
export async function askSecret(
  input: ReadStream,
  output: WriteStream,
  question: string,
): Promise<string> {
  // Before the question: who answers at once must not see it on the screen.
  input.setRawMode(true);
  output.write(`${question} `);
  input.setEncoding('utf8');
  input.resume();
  try {
    return await readHidden(input);
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write('\n');
  }
}

async function readHidden(input: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: readonly string[] = [];
    const end = (settle: () => void): void => {
      input.off('data', take);
      settle();
    };
    const take = (text: string): void => {
      for (const key of text) {
        if (key === CTRL_C) return end(() => reject(new BackupError({ code: 'cancelled' })));
        if (key === '\r' || key === '\n' || key === CTRL_D)
          return end(() => resolve(typed.join('')));
        typed = BACKSPACES.includes(key) ? typed.slice(0, -1) : [...typed, key];
      }
    };
    input.on('data', take);
  });
}
