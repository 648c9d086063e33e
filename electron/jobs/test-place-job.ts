// Tries a folder as a place for copies: writes, publishes, reads back and removes a file there as a backup would, and measures.
// Promise: leaves nothing behind, also no folder that it made; a place that is no good is an answer, never an error.
import { rmdir } from 'node:fs/promises';
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { isAddress } from '../../shared/model/place.ts';
import type { PlaceTest } from '../../shared/model/setup.ts';
import type { Storage } from '../engine/storage/storage.ts';
import { newId } from '../engine/vault/vault.ts';
import { findVaults } from './find-vaults.ts';
import { makePlace, openPlace, type PlaceSurroundings } from './locate-vault.ts';
import { isOnOtherDisk } from './is-on-other-disk.ts';
import { refusePlaceInSource } from './place-in-source.ts';
import { placeBelow } from './places/place-names.ts';
import { roomAt } from './sight-vault.ts';
import { withinTime } from './within-time.ts';

const CHUNK_BYTES = 256 * 1024;
const MOST_BYTES = 4 * 1024 * 1024;
/** The measuring ends earlier on a slow place. */
const LONGEST_WRITING_MS = 1000;
/** A share that has not answered by then will not do for backups either. */
const LONGEST_TEST_MS = 30_000;
/** Before it, the system's own program may take as long as it is given; it says more of what went wrong. */
const LONGEST_CONNECTING_MS = 60_000;
const TEMPORARY_TAG = 'test';

export interface PlaceTestRequest {
  readonly path: string;
  readonly sources: readonly string[];
}

/** What is known of a place that failed before anything could be seen. */
const nothing = {
  freeBytes: null,
  totalBytes: null,
  bytesPerSecond: null,
  isOwnDisk: null,
  vaults: [],
} as const;

/** Never throws for a place that is no good. */
export async function testPlaceJob(
  surroundings: PlaceSurroundings,
  request: PlaceTestRequest,
): Promise<PlaceTest> {
  const isConnecting = isAddress(request.path);
  const limitMs = LONGEST_TEST_MS + (isConnecting ? LONGEST_CONNECTING_MS : 0);
  const detail = `no answer within ${limitMs / 1000} s`;
  const failure: Failure = { code: 'place-unreachable', place: request.path, detail };
  return withinTime(limitMs, test(surroundings, request), { ...nothing, failure });
}

async function test(
  surroundings: PlaceSurroundings,
  { path, sources }: PlaceTestRequest,
): Promise<PlaceTest> {
  let isMade = false;
  try {
    await using held = await surroundings.places.hold(path, null);
    isMade = await makePlace(path, surroundings);
    const seen = {
      ...(await readRoom(held.folder)),
      isOwnDisk: await isOwnDisk(held.folder, sources),
      vaults: isMade ? [] : await findVaults(surroundings, path),
    };
    const tried = await tryOut(surroundings, path, sources);
    return { ...seen, ...tried };
  } catch (error) {
    return { ...nothing, failure: failureOf(error) };
  } finally {
    // Not empty any more: somebody else has taken to it meanwhile.
    if (isMade) {
      await surroundings.places
        .use(path, null, async (folder) => rmdir(folder))
        .catch(() => undefined);
    }
  }
}

async function tryOut(
  surroundings: PlaceSurroundings,
  path: string,
  sources: readonly string[],
): Promise<Pick<PlaceTest, 'failure' | 'bytesPerSecond'>> {
  try {
    await refusePlaceInSource(surroundings.places, path, sources);
    const storage = await openPlace(path, surroundings);
    await tryFolder(path, surroundings);
    return { failure: null, bytesPerSecond: await writeAndReadBack(storage, surroundings) };
  } catch (error) {
    return { failure: failureOf(error), bytesPerSecond: null };
  }
}

/** Some shares let files be made and folders not; a vault needs both. */
async function tryFolder(path: string, surroundings: PlaceSurroundings): Promise<void> {
  const below = placeBelow(path, probeName(surroundings.random));
  await makePlace(below, surroundings);
  await surroundings.places.use(below, null, async (folder) => rmdir(folder));
}

/** Bytes a second until they were safe on the disk; null when it was too quick to be told. */
async function writeAndReadBack(
  storage: Storage,
  { clock, random }: PlaceSurroundings,
): Promise<number | null> {
  const name = probeName(random);
  const chunk = random(CHUNK_BYTES);
  const writer = await storage.startWriter(name, TEMPORARY_TAG);
  let bytes = 0;
  try {
    const startedMs = clock.monotonicMs();
    while (bytes < MOST_BYTES && clock.monotonicMs() - startedMs < LONGEST_WRITING_MS) {
      await writer.write(chunk);
      bytes += chunk.length;
    }
    await writer.publish();
    const spentMs = clock.monotonicMs() - startedMs;
    await assertReadsBack(storage, name, chunk, bytes);
    return spentMs > 0 ? (bytes / spentMs) * 1000 : null;
  } finally {
    await writer.abandon().catch(() => undefined);
    await storage.remove(name);
  }
}

async function assertReadsBack(
  storage: Storage,
  name: string,
  chunk: Uint8Array,
  bytes: number,
): Promise<void> {
  const found = await storage.readWhole(name, MOST_BYTES);
  const isSame =
    found.length === bytes &&
    Array.from({ length: bytes / CHUNK_BYTES }, (_, index) =>
      found.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES).equals(chunk),
    ).every(Boolean);
  if (isSame) return;
  const detail = 'what was written there did not come back as it was';
  throw new BackupError({ code: 'place-unreachable', place: storage.location, detail });
}

async function readRoom(path: string): Promise<Pick<PlaceTest, 'freeBytes' | 'totalBytes'>> {
  const room = await roomAt(path);
  return room === 'not-told' ? { freeBytes: null, totalBytes: null } : room;
}

/** True when one of the sources shares the place's disk; null when that cannot be told. */
async function isOwnDisk(place: string, sources: readonly string[]): Promise<boolean | null> {
  const others = await Promise.all(sources.map(async (source) => isOnOtherDisk(source, place)));
  if (others.includes(false)) return true;
  return others.length > 0 && others.every((isOther) => isOther === true) ? false : null;
}

const probeName = (random: PlaceSurroundings['random']): string => `holdfast-test-${newId(random)}`;
