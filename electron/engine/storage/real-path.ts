// A path without links, as the system itself has it.
import { realpath as resolveStepwise } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { withoutLongForm } from '../../../shared/model/windows-path.ts';
import { isGone } from './storage-failure.ts';

/** Throws the system's error, ENOENT where nothing is there. */
export async function realPath(path: string): Promise<string> {
  const plain = withoutLongForm(path);
  try {
    return await realpath(plain);
  } catch (error) {
    // Windows asks the driver, and those of RAM disks and opened containers do not answer: then link by link.
    if (process.platform !== 'win32' || isGone(error)) throw error;
    return promisify(resolveStepwise)(plain);
  }
}
