// A program of the system, asked once. Promise: never throws, and never takes longer than it is given.
import { execFile } from 'node:child_process';

const MOST_BYTES = 8 * 1024 * 1024;

/** What it said; null: it is not there, failed, or was not done in time. */
export async function runTool(
  program: string,
  arguments_: readonly string[],
  timeoutMs: number,
): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, windowsHide: true, maxBuffer: MOST_BYTES } as const;
    execFile(program, arguments_, options, (error, stdout) =>
      resolve(error === null ? stdout : null),
    );
  });
}
