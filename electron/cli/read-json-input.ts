// A JSON file that somebody wrote by hand, or standard input.
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { BackupError } from '../../shared/model/backup-error.ts';

/** `-` is standard input. Throws usage for what cannot be read or is no JSON. */
export async function readJsonInput(file: string, stdin: Readable): Promise<unknown> {
  try {
    const bytes = file === '-' ? await buffer(stdin) : await readFile(file);
    return JSON.parse(bytes.toString('utf8').replace(/^\u{feff}/u, '')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackupError({ code: 'usage', detail: `${file}: ${reason}` }, error);
  }
}
