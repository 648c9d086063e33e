// Reads the databases of other makers in a folder a second time: what belongs together is one state only if all of it was
// equal twice. Promise: of a set that never kept still nothing is taken over; the parent's entries stay, and the run says so.
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { QUIET_MS } from '../sources/bytes-route.ts';
import { setKeyOf } from './foreign-files.ts';
import { changeOf, type FirstReading, type FolderWalk, readAndStore } from './take-folder-item.ts';

/** Each waits and reads once more what was not quiet. */
const MOST_ROUNDS = 4;

type Set = Map<string, FirstReading>;

/** All of them were read once; changes of the walk are amended. */
export async function settleForeignFiles(walk: FolderWalk): Promise<void> {
  let restless = [...Map.groupBy(walk.foreign, ([path]) => setKeyOf(path)).values()].map(
    (files): Set => new Map(files),
  );
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
  for (const set of restless) refuse(walk, set);
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

function refuse(walk: FolderWalk, set: Set): void {
  for (const [path, { content }] of set) {
    walk.changes.amend(path, null);
    walk.files -= 1;
    walk.bytes -= content.size;
  }
  const [first = ''] = set.keys();
  const detail = 'its files were written between two readings';
  const failure = { code: 'source-busy', path: join(walk.root, first), detail } as const;
  walk.problems.push({ failure, source: walk.name });
}
