// A place is tried before anybody relies on it: what is wrong is said in the right code, and nothing is left behind.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listPlaceCandidates } from '../../../electron/jobs/place-candidates.ts';
import { createPlaces } from '../../../electron/jobs/places/places.ts';
import { testPlaceJob } from '../../../electron/jobs/test-place-job.ts';
import { withinTime } from '../../../electron/jobs/within-time.ts';
import { isAvailable } from '../../support/machine.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { openTestAgent } from '../../support/open-test-agent.ts';
import { openTestEngine } from '../../support/test-engine.ts';
import { realClock } from '../../support/test-clock.ts';

const places = createPlaces(realClock, []);
const surroundings = { clock: realClock, random: randomBytes, places };
const tryPlace = async (path: string, sources: readonly string[] = []) =>
  testPlaceJob(surroundings, { path, sources });

/** A file system of its own until the test ends. */
function mountTmpfs(folder: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  onTestFinished(() => void execFileSync('umount', [folder]));
}

test('a good place is measured and left as it was', async () => {
  const folder = await makeTemporaryFolder();
  const source = join(folder, 'crm.db');
  writeFileSync(source, 'x');
  const place = join(folder, 'place');
  mkdirSync(place);
  const found = await tryPlace(place, [source]);
  expect(found.failure).toBeNull();
  expect(found.bytesPerSecond).toBeGreaterThan(0);
  expect(found.freeBytes).toBeGreaterThan(0);
  expect(found.totalBytes).toBeGreaterThanOrEqual(found.freeBytes ?? Infinity);
  // Both lie in one folder.
  expect(found.isOwnDisk).toBe(true);
  expect(readdirSync(place)).toEqual([]);
});

test('a folder that can be made is tried and not left there; one that cannot is missing', async () => {
  const folder = await makeTemporaryFolder();
  expect((await tryPlace(join(folder, 'new'))).failure).toBeNull();
  expect(existsSync(join(folder, 'new'))).toBe(false);
  expect((await tryPlace(join(folder, 'a', 'b'))).failure).toEqual({
    code: 'place-missing',
    place: join(folder, 'a'),
  });
  writeFileSync(join(folder, 'file'), 'x');
  expect((await tryPlace(join(folder, 'file'))).failure).toMatchObject({ code: 'place-missing' });
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a place inside the CRM data is refused, one beside it is not', async () => {
  const folder = await makeTemporaryFolder();
  const source = join(folder, 'crm');
  mkdirSync(source);
  const inside = join(source, 'copies');
  expect((await tryPlace(inside, [source])).failure).toEqual({
    code: 'place-in-source',
    place: inside,
    source,
  });
  expect((await tryPlace(join(folder, 'crm copies'), [source])).failure).toBeNull();
  expect(readdirSync(source)).toEqual([]);
});

test('copies that lie in the place, or in a folder of it, are named', async () => {
  const { folder, place, vault } = await openTestEngine();
  const there = { vault: vault.id, path: place };
  expect(await tryPlace(folder)).toMatchObject({ failure: null, vaults: [there] });
  expect(await tryPlace(place)).toMatchObject({ failure: null, vaults: [there] });
});

describe.skipIf(!isAvailable('mount'))('a place on a disk of its own', () => {
  test('that nobody may write to says so', async () => {
    const folder = await makeTemporaryFolder();
    mountTmpfs(folder, 'ro');
    const failure = { code: 'place-read-only', place: folder };
    expect(await tryPlace(folder)).toMatchObject({ failure });
    expect(await tryPlace(join(folder, 'new'))).toMatchObject({ failure });
  });

  test('that has no room says so, and is not left fuller', async () => {
    const folder = await makeTemporaryFolder();
    mountTmpfs(folder, 'size=1m');
    const found = await tryPlace(folder);
    expect(found.failure).toEqual({ code: 'place-full', place: folder });
    expect(found.totalBytes).toBe(1024 * 1024);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is another disk than that of the CRM only where that is certain', async () => {
    const folder = await makeTemporaryFolder();
    const [crm, place] = [join(folder, 'crm.db'), join(folder, 'usb')];
    writeFileSync(crm, 'x');
    mkdirSync(place);
    mountTmpfs(place, 'size=16m');
    // Another volume without a disk of its own: nobody can tell.
    expect(await tryPlace(place, [crm])).toMatchObject({ failure: null, isOwnDisk: null });
  });

  test('that fills up while a plan is made keeps no half of a copy', async () => {
    const agent = await openTestAgent();
    const place = join(agent.folder, 'usb');
    mkdirSync(place);
    mountTmpfs(place, 'size=64k');
    const crm = join(agent.folder, 'crm.txt');
    writeFileSync(crm, 'x');
    const request = {
      name: 'Office',
      sources: [crm],
      place,
      schedule: { kind: 'interval', everyMs: 3_600_000 },
      keep: {},
      secret: { kind: 'passphrase', passphrase: 'p' },
      remember: true,
    } as const;
    await expect(agent.call('protect', request)).rejects.toMatchObject({
      failure: { code: 'place-full' },
    });
    expect(readdirSync(place)).toEqual([]);
    expect(agent.keychain.secrets.size).toBe(0);
  });
});

test('the call answers for a bad place instead of failing', async () => {
  const agent = await openTestAgent();
  const path = join(agent.folder, 'no', 'such');
  expect(await agent.call('testPlace', { path, sources: [] })).toMatchObject({
    failure: { code: 'place-missing' },
    bytesPerSecond: null,
    vaults: [],
  });
});

test('the disk of this user is a candidate by a folder of theirs, and every one is there', async () => {
  const home = await makeTemporaryFolder();
  const candidates = await listPlaceCandidates(home);
  // A home in memory (a tmpfs) cannot hold copies and is none.
  const isOnDisk = statSync(home).dev === statSync('/').dev;
  const own = candidates.filter(({ path }) => path === home);
  expect(own.map(({ isSystemDisk }) => isSystemDisk)).toEqual(isOnDisk ? [true] : []);
  for (const { freeBytes, totalBytes, path } of candidates) {
    expect(existsSync(path)).toBe(true);
    expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
  }
  const devices = candidates.map(({ path }) => statSync(path).dev);
  expect(new Set(devices).size).toBe(devices.length);
});

test('candidates are told to the window', async () => {
  const agent = await openTestAgent();
  const { candidates } = await agent.call('placeCandidates', {});
  expect(candidates.map(({ path }) => path)).toEqual(
    (await listPlaceCandidates()).map(({ path }) => path),
  );
});

test('what never answers is no answer', async () => {
  const never = new Promise<string>(() => undefined);
  expect(await withinTime(5, never, 'late')).toBe('late');
  expect(await withinTime(60_000, Promise.resolve('in time'), 'late')).toBe('in time');
});
