// Files of a restore come into being only where nothing was.
import { open, type FileHandle } from 'node:fs/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';

/** Opens a file that was not there before, for its owner alone. Throws target-exists, or the system's error. */
export async function createNewFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new BackupError({ code: 'target-exists', path }, error);
    }
    throw error;
  }
}
