// Turns a folder's changes into its new list levels: a delta beside the parent's levels, or a new base when those grow too many.
import type { ObjectUse } from '../../../shared/model/restore-point.ts';
import { comparePaths, type ListChunk, type ListEntry } from '../format/list-entry.ts';
import { readFolderList, readListPacks, type FolderEntry } from '../vault/folder-list.ts';
import { createListWriter, type ListWriter } from '../vault/list-writer.ts';
import type { ReportDamage } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import type { FolderChange, FolderChanges } from './folder-changes.ts';
import type { ParentSource } from './planned-source.ts';
import type { FramePlaces } from './source-result.ts';

/** Levels that a reader has to merge at most. */
const MAX_LEVELS = 8;

export interface WriteFolderLevels {
  readonly vault: Vault;
  readonly epoch: number;
  readonly changes: FolderChanges;
  readonly parent: ParentSource | null;
  readonly places: FramePlaces;
  readonly report: ReportDamage;
  /** Told of what was written, and with 0 of each entry. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface WrittenFolderLevels {
  readonly lists: readonly ObjectUse[];
  readonly packs: readonly string[];
  readonly bytesWritten: number;
}

export async function writeFolderLevels(request: WriteFolderLevels): Promise<WrittenFolderLevels> {
  const { changes, parent } = request;
  const oldLevels = parent?.source.list?.levels ?? [];
  const old = oldLevels.map(
    (id): ObjectUse => parent?.point.lists.find((list) => list.id === id) ?? { id, bytes: 0 },
  );
  if (old.length > 0 && changes.count === 0) return describe(request, old, 0);
  const files = parent?.source.list?.files ?? 0;
  const isBaseDue = old.length === 0 || old.length >= MAX_LEVELS || changes.count > files / 2;
  const written = await writeLevel(request, isBaseDue);
  return describe(request, isBaseDue ? [written] : [...old, written], written.bytes * 2);
}

async function describe(
  request: WriteFolderLevels,
  lists: readonly ObjectUse[],
  bytesWritten: number,
): Promise<WrittenFolderLevels> {
  const packs = new Set<string>();
  for (const { id } of lists)
    for (const pack of await readListPacks(request.vault, id, request.report)) packs.add(pack);
  return { lists, packs: [...packs], bytesWritten };
}

async function writeLevel(request: WriteFolderLevels, isBase: boolean): Promise<ObjectUse> {
  const writer = await createListWriter(request.vault, request.epoch);
  const numbers = createPackNumbers(writer);
  try {
    const changes = request.changes.read();
    if (isBase) await writeMerged(request, writer, numbers, changes);
    else
      for await (const change of changes)
        await addTo(request, writer, locate(change, request.places, numbers));
    const written = await writer.finish();
    request.onBytes(written.bytes * 2);
    return written;
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

async function addTo(
  { onBytes, signal }: WriteFolderLevels,
  writer: ListWriter,
  entry: ListEntry,
): Promise<void> {
  signal.throwIfAborted();
  onBytes(0);
  await writer.add(entry);
}

type NumberOf = (packId: string) => number;

function createPackNumbers(writer: ListWriter): NumberOf {
  const numbers = new Map<string, number>();
  return (packId) => {
    const known = numbers.get(packId);
    if (known !== undefined) return known;
    const number = writer.packs.push(packId) - 1;
    numbers.set(packId, number);
    return number;
  };
}

/** The parent's entries and the changes in path order; a change wins, a removal leaves nothing. */
async function writeMerged(
  request: WriteFolderLevels,
  writer: ListWriter,
  numbers: NumberOf,
  changes: AsyncGenerator<FolderChange>,
): Promise<void> {
  const levels = request.parent?.source.list?.levels ?? [];
  let change = await changes.next();
  const takeChange = async () => {
    if (change.done !== true && change.value.kind !== 'removed')
      await addTo(request, writer, locate(change.value, request.places, numbers));
    change = await changes.next();
  };
  for await (const entry of readFolderList(request.vault, levels, request.report)) {
    while (change.done !== true && comparePaths(change.value.path, entry.path) < 0)
      await takeChange();
    if (change.done !== true && change.value.path === entry.path) await takeChange();
    else await addTo(request, writer, relocate(entry, numbers));
  }
  while (change.done !== true) await takeChange();
}

function locate(change: FolderChange, places: FramePlaces, numbers: NumberOf): ListEntry {
  if (change.kind !== 'file') return change;
  const chunks = change.chunks.map(({ place, length, hash }): ListChunk => {
    if (place.kind === 'stored')
      return [numbers(place.packId), place.frame, place.offset, length, hash];
    const { pack, frame } = places.placeOf(place.ordinal);
    const packId = places.packIds[pack];
    if (packId === undefined) throw new Error(`pack ${pack} of this run is unknown`);
    return [numbers(packId), frame, place.offset, length, hash];
  });
  return { ...change, chunks };
}

function relocate(entry: FolderEntry, numbers: NumberOf): ListEntry {
  if (entry.kind !== 'file') return entry;
  const chunks = entry.chunks.map(({ packId, frame, offset, length, hash }): ListChunk => [
    numbers(packId),
    frame,
    offset,
    length,
    hash,
  ]);
  return { ...entry, chunks };
}
