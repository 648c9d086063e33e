/** What lies in a folder, byte for byte, to compare before and after. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Name -> size, mode, time of change and digest of every file. */
export function describeFiles(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => {
        const path = join(folder, name);
        const { size, mode, mtimeMs } = statSync(path);
        const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
        return [name, `${size} ${mode.toString(8)} ${mtimeMs} ${digest}`];
      }),
  );
}
