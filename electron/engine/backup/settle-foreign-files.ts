// Reads the databases of other makers in a folder a second time: what belongs together is one state only if all of it was
// equal twice. Promise: of a set that never kept still, or of which a part cannot be read, nothing is taken over; the parent's
// entries stay, also those of parts that are gone, and the run says so.
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { QUIET_MS } from '../sources/bytes-route.ts';
import { setKeyOf } from '../sources/foreign-files.ts';
import { changeOf, type FirstReading, type FolderWalk, readAndStore } from './take-folder-item.ts';

/** Each waits and reads once more what was not quiet. */
const MOST_ROUNDS = 4;

type Set = Map<string, FirstReading>;

/** All of them were read once; changes of the walk are amended. */
export async function settleForeignFiles(walk: FolderWalk): Promise<void> {
  const sets = Map.groupBy(walk.foreign, ([path]) => setKeyOf(path));
  const cut = refuseCut(walk, sets);
  let restless = [...sets].flatMap(([key, files]): Set[] => (cut.has(key) ? [] : [new Map(files)]));
  for (let round = 0; round < MOST_ROUNDS && restless.length > 0; round += 1) {
    // Of the disk and its programs, whatever clock this run goes by.
    await wait(QUIET_MS, undefined, { signal: walk.signal });
    const left: Set[] = [];
    for (const set of restless) {
      if (await isQuiet(walk, set)) dropKnown(walk, set);
      else left.push(set);
    }
    restless = left;
  }
  for (const set of restless) {
    const [first = ''] = set.keys();
    refuse(walk, setKeyOf(first), [...set]);
    const detail = 'its files were written between two readings';
    const failure = { code: 'source-busy', path: join(walk.root, first), detail } as const;
    walk.problems.push({ failure, source: walk.name });
  }
}

/** The keys of sets of which a file could not be read: reading the others twice would not make them one state. */
function refuseCut(
  walk: FolderWalk,
  sets: ReadonlyMap<string, readonly [string, FirstReading][]>,
): ReadonlyMap<string, string> {
  const unreadable = [...walk.away].filter(([, why]) => why === 'unreadable');
  const cut = new Map(unreadable.map(([path]) => [setKeyOf(path), path]));
  for (const [key, missing] of cut) {
    const files = sets.get(key) ?? [];
    refuse(walk, key, files);
    const detail = `it belongs to ${basename(missing)}, which cannot be read`;
    for (const [path] of files) {
      const failure = { code: 'source-unreadable', path: join(walk.root, path), detail } as const;
      walk.problems.push({ failure, source: walk.name });
    }
  }
  return cut;
}

/** Reads all of a set again; what is other than before takes the place of the first reading. */
async function isQuiet(walk: FolderWalk, set: Set): Promise<boolean> {
  let isEqual = true;
  for (const [path, before] of set) {
    const now = await readAgain(walk, path);
    if (now === null) {
      isEqual = false;
      continue;
    }
    const isSame = now.content.sha256 === before.content.sha256 && isSameStat(now, before);
    isEqual &&= isSame;
    if (isSame) continue;
    set.set(path, now);
    walk.changes.amend(path, changeOf(path, now.item, now.content));
  }
  return isEqual;
}

/** Null when it cannot be read now. */
async function readAgain(walk: FolderWalk, path: string): Promise<FirstReading | null> {
  walk.signal.throwIfAborted();
  const folder = dirname(join(walk.root, path));
  const name = path.slice(path.lastIndexOf('/') + 1);
  try {
    const content = await readAndStore(walk, path);
    const items = await walk.host.call('listFolder', folder, { path: folder });
    const item = items.find((found) => found.name === name);
    if (item?.kind !== 'file' || content === 'database') return null;
    return { item, content, isKnown: false };
  } catch (error) {
    if (!(error instanceof BackupError) || !error.failure.code.startsWith('source-')) throw error;
    return null;
  }
}

/** What the parent has already is no change. */
function dropKnown(walk: FolderWalk, set: Set): void {
  for (const [path, { isKnown }] of set) if (isKnown) walk.changes.amend(path, null);
}

function isSameStat({ item: now }: FirstReading, { item: before }: FirstReading): boolean {
  return (
    now.size === before.size &&
    now.mtimeMs === before.mtimeMs &&
    now.ctimeMs === before.ctimeMs &&
    now.fileId === before.fileId
  );
}

/** All that the parent has of it stays. */
function refuse(
  walk: FolderWalk,
  key: string,
  files: readonly (readonly [string, FirstReading])[],
): void {
  for (const [path, { content }] of files) {
    walk.changes.amend(path, null);
    walk.files -= 1;
    walk.bytes -= content.size;
  }
  for (const [path, why] of walk.away) {
    if (why === 'removed' && setKeyOf(path) === key) walk.changes.amend(path, null);
  }
}
