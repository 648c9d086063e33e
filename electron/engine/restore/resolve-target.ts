// The real place of a target: links resolved first, so that the file is replaced and the link to it stays.
import { lstat, readlink } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { withoutLongForm } from '../../../shared/model/windows-path.ts';
import { realPath } from '../storage/real-path.ts';
import { onMissing } from './safe-target.ts';

/** As the system: a chain longer than this is a loop. */
const MOST_LINKS = 40;

/** Absolute path without links; what it names may be missing, its folder may not. Throws target-refused. */
export async function resolveTarget(path: string): Promise<string> {
  let current = withoutLongForm(resolve(path));
  for (let links = 0; links < MOST_LINKS; links++) {
    const folder = await realPath(dirname(current)).catch(onMissing);
    if (folder === null) throw refused(path, `its folder ${dirname(current)} is not there`);
    current = join(folder, basename(current));
    const found = await lstat(current).catch(onMissing);
    if (found === null || found.isFile()) return current;
    if (!found.isSymbolicLink()) throw refused(path, 'it is no plain file');
    const next = await readlink(current);
    current = isAbsolute(next) ? next : join(folder, next);
  }
  throw refused(path, 'it is a loop of links');
}

function refused(path: string, detail: string): BackupError {
  return new BackupError({ code: 'target-refused', path, detail });
}
