// Restore points of a vault as they were listed before, so that ten thousand of them list in a second. A local cache:
// an entry counts only while the vault holds a point of that very name; names are random and objects never change.
// Deleting it costs time. What lists show is not proof of anything: checks and restores read the vault itself.
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RestorePoint } from '../../shared/model/restore-point.ts';

/** Changes whenever the shape of a restore point does. */
const CACHE_VERSION = 1;

export interface PointCache {
  get(stem: string): RestorePoint | null;
  set(stem: string, point: RestorePoint): void;
  /** Keeps only these and writes the file if anything changed. */
  save(stems: ReadonlySet<string>): Promise<void>;
}

/** Opens the cache in a vault's cache folder; a damaged or foreign file is an empty cache. */
export async function openPointCache(folder: string): Promise<PointCache> {
  const path = join(folder, `points-${CACHE_VERSION}`);
  const points = await readPoints(path);
  let isChanged = false;
  return {
    get: (stem) => points.get(stem) ?? null,
    set(stem, point) {
      points.set(stem, point);
      isChanged = true;
    },
    async save(stems) {
      for (const stem of points.keys()) {
        if (!stems.has(stem)) isChanged = points.delete(stem) || isChanged;
      }
      if (isChanged) await writePoints(path, points);
    },
  };
}

/** First line: SHA-256 of the rest. */
async function readPoints(path: string): Promise<Map<string, RestorePoint>> {
  const bytes = await readFile(path).catch(() => null);
  const end = bytes?.indexOf('\n') ?? -1;
  if (bytes === null || end < 0) return new Map();
  const content = bytes.subarray(end + 1);
  if (bytes.toString('latin1', 0, end) !== digestOf(content)) return new Map();
  return new Map(JSON.parse(content.toString('utf8')) as [string, RestorePoint][]);
}

async function writePoints(path: string, points: ReadonlyMap<string, RestorePoint>): Promise<void> {
  const content = Buffer.from(JSON.stringify([...points]));
  const temporary = `${path}.tmp`;
  await writeFile(temporary, Buffer.concat([Buffer.from(`${digestOf(content)}\n`), content]), {
    mode: 0o600,
  });
  await rename(temporary, path);
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
