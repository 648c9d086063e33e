// Places that have to be connected: one connection for all, let go when nobody uses it, found again when it was lost.
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createVault } from '../../../electron/engine/vault/open-vault.ts';
import { locateVault, makePlace, openPlace } from '../../../electron/jobs/locate-vault.ts';
import type { PlaceWay } from '../../../electron/jobs/places/place-way.ts';
import { createPlaces, type Places } from '../../../electron/jobs/places/places.ts';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { createHandClock, type HandClock } from '../../support/hand-clock.ts';
import { TEST_PASSPHRASE, TEST_SCRYPT_N } from '../../support/test-engine.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const PLACE = 'smb://nas/copies/crm';

interface World {
  readonly clock: HandClock;
  readonly places: Places;
  readonly way: PlaceWay;
  /** The share as its server has it. */
  readonly share: string;
  /** What was connected and let go, in their order. */
  readonly log: string[];
  isAway: boolean;
}

/** A way whose connection is a folder under a new name each time, as systems do it. */
async function openWorld(): Promise<World> {
  const base = await makeTemporaryFolder();
  const share = join(base, 'share');
  await mkdir(join(share, 'crm'), { recursive: true });
  const clock = createHandClock();
  let now: string | null = null;
  let count = 0;
  const way: PlaceWay = {
    routeOf: (place) =>
      place.startsWith('smb://nas/copies')
        ? { key: 'nas/copies', root: 'smb://nas/copies', below: place.split('/').slice(4) }
        : null,
    async connect() {
      world.log.push('connect');
      if (world.isAway) {
        const root = 'smb://nas/copies';
        throw new BackupError({ code: 'place-unreachable', place: root, detail: 'down' });
      }
      count += 1;
      now = join(base, `mount-${count}`);
      await rename(share, now);
      const mount = now;
      return {
        folder: mount,
        async disconnect() {
          world.log.push('disconnect');
          await rename(mount, share).catch(() => undefined);
          now = null;
        },
      };
    },
    isConnected: async () => now !== null && existsSync(now),
    sight: async () => now,
  };
  const world: World = {
    clock,
    way,
    share,
    log: [],
    isAway: false,
    places: createPlaces(clock, [way]),
  };
  return world;
}

test('a plain path is its own folder, and nothing is connected for it', async () => {
  const { places, log } = await openWorld();
  await expect(places.use('/srv/x', null, async (folder) => folder)).resolves.toBe('/srv/x');
  await expect(places.sight('/srv/x')).resolves.toBe('/srv/x');
  expect(places.needsConnecting('/srv/x')).toBe(false);
  expect(log).toEqual([]);
});

test('an address that no way serves is wrong usage', async () => {
  const { places } = await openWorld();
  await expect(places.use('ftp://nas/x', null, async () => 1)).rejects.toMatchObject({
    failure: { code: 'usage' },
  });
});

test('all that use a share at once use one connection; a minute after the last it is let go', async () => {
  const { places, log, clock } = await openWorld();
  const folders = await Promise.all([
    places.use(PLACE, null, async (folder) => folder),
    places.use('smb://nas/copies/other', null, async (folder) => folder),
  ]);
  expect(folders.map((folder) => folder.split('/').at(-1))).toEqual(['crm', 'other']);
  await clock.advance(59_000);
  await places.use(PLACE, null, async () => undefined);
  await clock.advance(59_000);
  expect(log).toEqual(['connect']);
  await clock.advance(1_000);
  await expect.poll(() => log).toEqual(['connect', 'disconnect']);
});

test('what a run holds stays connected, however long nothing is done there', async () => {
  const { places, log, clock } = await openWorld();
  const held = await places.hold(PLACE, null);
  await clock.advance(3_600_000);
  expect(log).toEqual(['connect']);
  await held[Symbol.asyncDispose]();
  await clock.advance(60_000);
  await expect.poll(() => log).toEqual(['connect', 'disconnect']);
});

test('a look connects nothing', async () => {
  const { places, log } = await openWorld();
  await expect(places.sight(PLACE)).resolves.toBeNull();
  expect(log).toEqual([]);
  await using held = await places.hold(PLACE, null);
  await expect(places.sight(PLACE)).resolves.toBe(held.folder);
});

test('failures name the place, never the folder that it is mounted at', async () => {
  const { places, clock } = await openWorld();
  const surroundings = { clock, random: randomBytes, places };
  const failure = await openPlace('smb://nas/copies/nowhere', surroundings).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({
    failure: { code: 'place-missing', place: 'smb://nas/copies/nowhere' },
  });
});

test('a storage finds its place again when the connection was lost meanwhile', async () => {
  const { places, clock, log } = await openWorld();
  const storage = await openPlace(PLACE, { clock, random: randomBytes, places });
  await storage.put('a', Buffer.from('1'));
  const folder = (await places.sight(PLACE)) ?? '';
  // The server restarts: what was mounted is not there any more.
  await rename(join(folder, '..'), join(folder, '../../share'));
  await expect(storage.readWhole('a', 10)).rejects.toMatchObject({
    failure: { code: 'place-unreachable', place: PLACE },
  });
  await expect(storage.readWhole('a', 10)).resolves.toEqual(Buffer.from('1'));
  expect(log).toEqual(['connect', 'disconnect', 'connect']);
});

test('a place that cannot be connected fails for each user, and is tried anew by the next', async () => {
  const world = await openWorld();
  const { places } = world;
  world.isAway = true;
  const look = async () => places.use(PLACE, null, async () => 'seen');
  const both = await Promise.allSettled([look(), look()]);
  for (const each of both) {
    expect(each).toMatchObject({
      status: 'rejected',
      reason: { failure: { code: 'place-unreachable', place: PLACE } },
    });
  }
  world.isAway = false;
  await expect(look()).resolves.toBe('seen');
});

/** A share that stays mounted and is taken for lost: it answers too late. */
async function openSlowShare() {
  const folder = await makeTemporaryFolder();
  const clock = createHandClock();
  const log: string[] = [];
  let count = 0;
  const way: PlaceWay = {
    routeOf: () => ({ key: 'nas/copies', root: 'smb://nas/copies', below: [] }),
    async connect() {
      const name = (count += 1);
      log.push(`connect ${name}`);
      return { folder, disconnect: async () => void log.push(`disconnect ${name}`) };
    },
    isConnected: async () => false,
    sight: async () => folder,
  };
  return { clock, log, places: createPlaces(clock, [way]) };
}

test.each(['the older', 'the newer'])(
  'a share in doubt is not let go under whoever uses it, whether %s use ends first',
  async (which) => {
    const { places, clock, log } = await openSlowShare();
    const older = await places.hold(PLACE, null);
    places.doubt(PLACE);
    const newer = await places.hold(PLACE, null);
    const [first, last] = which === 'the older' ? [older, newer] : [newer, older];
    await first[Symbol.asyncDispose]();
    await clock.advance(3_600_000);
    log.push('the last one ends');
    await last[Symbol.asyncDispose]();
    await clock.advance(60_000);
    const gone = ['disconnect 1', 'disconnect 2'];
    await expect.poll(() => log).toEqual(['connect 1', 'connect 2', 'the last one ends', ...gone]);
  },
);

test('at the end a share in doubt is let go too', async () => {
  const { places, log } = await openSlowShare();
  await places.hold(PLACE, null);
  places.doubt(PLACE);
  await places.hold(PLACE, null);
  await places.close();
  expect(log.slice(2)).toEqual(['disconnect 1', 'disconnect 2']);
});

test('at the end everything that was connected here is let go at once', async () => {
  const { places, log } = await openWorld();
  await places.use(PLACE, null, async () => undefined);
  await places.close();
  expect(log).toEqual(['connect', 'disconnect']);
});

test('a connection that is gone is no empty place: what is not found there is not missing', async () => {
  const { places, clock, way } = await openWorld();
  const storage = await openPlace(PLACE, { clock, random: randomBytes, places });
  await storage.put('a', Buffer.from('1'));
  // As a system that remembers the folder for a moment: everything in it is gone at once.
  const folder = (await places.sight(PLACE)) ?? '';
  await rename(join(folder, 'a'), join(folder, '../a'));
  await expect(storage.size('a')).resolves.toBeNull();
  vi.spyOn(way, 'isConnected').mockResolvedValue(false);
  const lost = { failure: { code: 'place-unreachable', place: PLACE } };
  await expect(storage.size('a')).rejects.toMatchObject(lost);
  await expect(storage.list('')).rejects.toMatchObject(lost);
  await expect(storage.readWhole('a', 10)).rejects.toMatchObject(lost);
});

test('another vault that lies there after a reconnection is not written to', async () => {
  const { places, clock } = await openWorld();
  const surroundings = { clock, random: randomBytes, places };
  const vault = async (place: string): Promise<void> => {
    const secret = { passphrase: TEST_PASSPHRASE, scryptN: TEST_SCRYPT_N };
    await createVault(await openPlace(place, surroundings), secret, surroundings);
  };
  await makePlace(`${PLACE}/one`, surroundings);
  await makePlace(`${PLACE}/two`, surroundings);
  await vault(`${PLACE}/one`);
  await vault(`${PLACE}/two`);
  const { storage } = await locateVault(`${PLACE}/one`, surroundings);
  const folder = (await places.sight(PLACE)) ?? '';
  await rename(join(folder, 'one'), join(folder, 'gone'));
  await expect(storage.put('a', Buffer.from('1'))).rejects.toMatchObject({
    failure: { code: 'place-missing' },
  });
  await rename(join(folder, 'two'), join(folder, 'one'));
  await expect(storage.put('a', Buffer.from('1'))).rejects.toMatchObject({
    failure: { code: 'vault-other' },
  });
});
