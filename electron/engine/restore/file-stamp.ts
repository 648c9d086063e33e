// What tells that one plain file was written to, replaced or taken away since it was looked at.
import { lstat } from 'node:fs/promises';
import { onMissing } from './safe-target.ts';

/** Changes with every write; null: nothing is there. Opaque. */
export async function stampFile(path: string): Promise<string | null> {
  const found = await lstat(path, { bigint: true }).catch(onMissing);
  return found && `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}
