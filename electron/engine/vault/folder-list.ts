// Reads a folder list: its levels merged in path order, removed entries left out, segment by segment.
import { BackupError } from '../../../shared/model/backup-error.ts';
import {
  comparePaths,
  decodeListEntries,
  type FileEntry,
  type ListEntry,
} from '../format/list-entry.ts';
import { decodeListIndex, type ListIndex } from '../format/level-index.ts';
import { COPY_SIDES, listName } from '../format/object-names.ts';
import { giveBackMemory } from '../crypto/give-back-memory.ts';
import { openSealedCopies, type ReportDamage, type SealedObject } from './sealed-stream-reader.ts';
import type { Vault } from './vault.ts';

/** Where a chunk lies, its pack by id. */
export interface ChunkPlace {
  readonly packId: string;
  readonly frame: number;
  readonly offset: number;
  readonly length: number;
  /** 32 hex digits. */
  readonly hash: string;
}

/** An entry that exists; a file's chunks by pack id. */
export type FolderEntry =
  | (Omit<FileEntry, 'chunks'> & { readonly chunks: readonly ChunkPlace[] })
  | Extract<ListEntry, { kind: 'folder' | 'link' }>;

interface Level {
  readonly object: SealedObject;
  readonly index: ListIndex;
}

/** Entries of all levels (ids oldest first), ascending by path. */
export async function* readFolderList(
  vault: Vault,
  levels: readonly string[],
  report: ReportDamage,
): AsyncGenerator<FolderEntry> {
  const opened: Level[] = [];
  for (const id of levels) opened.push(await openLevel(vault, id, report));
  const cursors = opened.map((level) => readLevel(level));
  const heads = await Promise.all(cursors.map((cursor) => cursor.next()));
  for (;;) {
    const present = heads.flatMap((head, level) =>
      head.done === true ? [] : [{ path: head.value.path, level }],
    );
    const [first] = present;
    if (first === undefined) return;
    const least = present.reduce(
      (best, head) => (comparePaths(head.path, best.path) <= 0 ? head : best),
      first,
    );
    const entry = heads[least.level]?.value as FolderEntry | { kind: 'removed' };
    for (const head of present) {
      const cursor = cursors[head.level];
      if (head.path === least.path && cursor !== undefined) heads[head.level] = await cursor.next();
    }
    if (entry.kind !== 'removed') yield entry;
  }
}

/** Ids of the packs that one level refers to. */
export async function readListPacks(
  vault: Vault,
  id: string,
  report: ReportDamage,
): Promise<readonly string[]> {
  return (await openLevel(vault, id, report)).index.packs;
}

async function openLevel(vault: Vault, id: string, report: ReportDamage): Promise<Level> {
  const names = COPY_SIDES.map((side) => listName(id, side));
  const object = await openSealedCopies(vault, 'list', names, id, report);
  return { object, index: decodeListIndex(await object.readClosing(), object.name) };
}

async function* readLevel(
  level: Level,
): AsyncGenerator<FolderEntry | Extract<ListEntry, { kind: 'removed' }>> {
  const { object, index } = level;
  for (const [counter, segment] of index.segments.entries()) {
    const content = await object.readFrame(segment.at, counter);
    for (const entry of decodeListEntries(content, index.packs.length, object.name)) {
      yield entry.kind === 'file'
        ? {
            ...entry,
            chunks: entry.chunks.map((chunk) => placeOf(chunk, index.packs, object.name)),
          }
        : entry;
    }
    giveBackMemory(content);
  }
}

function placeOf(
  chunk: FileEntry['chunks'][number],
  packs: readonly string[],
  object: string,
): ChunkPlace {
  const [pack, frame, offset, length, hash] = chunk;
  const packId = packs[pack];
  if (packId === undefined)
    throw new BackupError({ code: 'object-damaged', object, detail: 'chunk names no pack' });
  return { packId, frame, offset, length, hash };
}
