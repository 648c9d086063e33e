// Finds databases in the folders where programs and people keep them, by their first bytes.
// Promise: reads through the source worker only, changes nothing, and ends in time with what it has.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hasCode } from '../../shared/model/backup-error.ts';
import type { FoundSource } from '../../shared/model/setup.ts';
import type { FolderItem } from '../engine/sources/list-folder.ts';
import type { SourceHost } from '../engine/sources/source-host.ts';
import { MARKER_NAME } from '../engine/format/object-names.ts';
import type { Engine } from './engine.ts';
import { rankSources } from './rank-sources.ts';
import { isWorthlessFolder, mayBeDatabase, usualFolders } from './usual-folders.ts';
import { walkBounded, type WalkRoot } from './walk-bounded.ts';
import { withinTime } from './within-time.ts';

export interface FoundSources {
  /** Likeliest first. */
  readonly found: readonly FoundSource[];
  /** False: there was more to look at than time. */
  readonly isComplete: boolean;
}

const BOUNDS = { entries: 100_000, ms: 5000 } as const;
/** For one answer that never comes: a share that is gone, a disk that is asleep. */
const PATIENCE_MS = 8000;
const MOST_FOUND = 50;
/** The smallest database that holds anything. */
const LEAST_BYTES = 1024;

/** `roots`: this user's usual folders unless told otherwise. */
export async function findSourcesJob(
  engine: Engine,
  signal: AbortSignal,
  roots: readonly WalkRoot[] = usualFolders({
    platform: process.platform,
    home: homedir(),
    env: process.env,
  }),
): Promise<FoundSources> {
  const found = new Map<string, FoundSource>();
  const isComplete = await withinTime(
    PATIENCE_MS,
    search(engine, signal, roots, (source) => found.set(source.path, source)),
    false,
  );
  const ranked = rankSources([...found.values()], engine.clock.nowMs());
  return { found: ranked.slice(0, MOST_FOUND), isComplete };
}

async function search(
  engine: Engine,
  signal: AbortSignal,
  roots: readonly WalkRoot[],
  onFound: (source: FoundSource) => void,
): Promise<boolean> {
  const host = await engine.host();
  const { clock, dataFolder } = engine;
  const untilMs = clock.monotonicMs() + BOUNDS.ms;
  const walk = walkBounded(
    {
      host,
      clock,
      bounds: BOUNDS,
      isSkipped: (path, name) => path === dataFolder || isWorthlessFolder(name),
    },
    roots,
  );
  for (;;) {
    const step = await walk.next();
    if (step.done === true) return step.value.isComplete;
    const { path: folder, items } = step.value;
    // Our own copies are no CRM.
    if (items.some(({ name }) => name === MARKER_NAME)) continue;
    for (const file of candidatesIn(items)) {
      if (signal.aborted || clock.monotonicMs() >= untilMs) return false;
      const source = await recognise(host, folder, file, items);
      if (source !== null) onFound(source);
    }
  }
}

type File = Extract<FolderItem, { kind: 'file' }>;

function candidatesIn(items: readonly FolderItem[]): readonly File[] {
  return items.filter(
    (item) => item.kind === 'file' && item.size >= LEAST_BYTES && mayBeDatabase(item.name),
  ) as File[];
}

/** Null for what is no database, or cannot be read. */
async function recognise(
  host: SourceHost,
  folder: string,
  file: File,
  items: readonly FolderItem[],
): Promise<FoundSource | null> {
  try {
    const { kind, format, path } = await host.inspect(join(folder, file.name), 0);
    if (kind === 'folder' || format === 'file') return null;
    // What was committed last may still be in the log.
    const log = items.find(({ name }) => name === `${file.name}-wal`);
    const logMs = log?.kind === 'file' && log.size > 0 ? log.mtimeMs : 0;
    return {
      path,
      format,
      bytes: file.size,
      modifiedAtMs: Math.round(Math.max(file.mtimeMs, logMs)),
    };
  } catch (error) {
    if (hasCode(error, 'unexpected')) throw error;
    return null;
  }
}
