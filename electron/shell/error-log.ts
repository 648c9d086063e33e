// What went wrong in the shell, line by line in a file of the data folder; for the diagnostics, not for the user.
// Promise: writing it never fails and never grows without end.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A full file becomes the previous one. */
const MOST_BYTES = 1024 * 1024;

export type ErrorLog = (what: string, error: unknown) => void;

/** Written at once and in order, for the next line may be the last. */
export function createErrorLog(dataFolder: string, now: () => number): ErrorLog {
  const folder = join(dataFolder, 'logs');
  const file = join(folder, 'shell.log');
  return (what, error) => {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (sizeOf(file) > MOST_BYTES) renameSync(file, `${file}.previous`);
      appendFileSync(file, `${new Date(now()).toISOString()} ${what}: ${detail}\n`, {
        mode: 0o600,
      });
    } catch {
      // Nowhere is left to say it.
    }
  };
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
