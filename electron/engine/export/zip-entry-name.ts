// Names of files inside a ZIP. A restore point may come from a hostile or foreign vault: no name leaves the folder that
// the archive is opened in, and no two files share one.
import { BackupError } from '../../../shared/model/backup-error.ts';

/** Gives each path its name; the same object sees all paths of one archive. */
export type NameEntries = (path: string) => string;

/** `archive` is told when a path is refused (`target-refused`). */
export function createEntryNames(archive: string): NameEntries {
  const taken = new Set<string>();
  return (path) => {
    const name = uniqueName(safeName(path, archive), taken);
    taken.add(folded(name));
    return name;
  };
}

function safeName(path: string, archive: string): string {
  const parts = path.split('/');
  const isUnsafe = parts.some((part) => part === '' || part === '.' || part === '..');
  if (isUnsafe) {
    const detail = `unsafe file name in the restore point: ${JSON.stringify(path.slice(0, 200))}`;
    throw new BackupError({ code: 'target-refused', path: archive, detail });
  }
  // Separators and drive letters of other systems, and what no system shows: harmless here, not where it is unpacked.
  return path.replaceAll(/[\\:\p{Cc}]/gu, '_');
}

/** `a.txt`, then `a (2).txt`: two names that one file system takes for one would overwrite each other. */
function uniqueName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(folded(name))) return name;
  const dot = name.lastIndexOf('.');
  const cut = dot > name.lastIndexOf('/') + 1 ? dot : name.length;
  for (let number = 2; ; number += 1) {
    const other = `${name.slice(0, cut)} (${number})${name.slice(cut)}`;
    if (!taken.has(folded(other))) return other;
  }
}

const folded = (name: string): string => name.normalize('NFC').toLowerCase();
