// A clone of a vault on another disk is not the place that was chosen, where systems tell their disks apart.
import { randomBytes } from 'node:crypto';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { createVault } from '../../../electron/engine/vault/open-vault.ts';
import { locateVault, openPlace } from '../../../electron/jobs/locate-vault.ts';
import { createPlaces } from '../../../electron/jobs/places/places.ts';
import { findVolume, listVolumes } from '../../../electron/platform/volumes/list-volumes.ts';
import { volume, volumeHolding } from '../../../electron/platform/volumes/volume.ts';
import { writePlan } from '../../../electron/plans/plan-files.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { samplePlan } from '../../support/sample-plan.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { TEST_PASSPHRASE, TEST_SCRYPT_N } from '../../support/test-engine.ts';

vi.mock('../../../electron/platform/volumes/list-volumes.ts', () => ({
  listVolumes: vi.fn(),
  findVolume: vi.fn(),
}));

/** Mounted, by folder; null: a disk whose identity the system does not tell. */
const mounted = new Map<string, string | null>();
beforeEach(() => {
  mounted.clear();
  const now = () => [
    volume({ folders: ['/'], kind: 'disk', id: 'system' }),
    ...[...mounted].map(([folder, id]) => volume({ folders: [folder], kind: 'disk', id })),
  ];
  vi.mocked(listVolumes).mockImplementation(async () => now());
  vi.mocked(findVolume).mockImplementation(async (path) => volumeHolding(path, now()));
});

/** A vault on the disk BLUE as a plan remembers it, and a clone of its folder on another disk. */
async function openOffice(isRemovable: boolean) {
  const base = await makeTemporaryFolder();
  const [blue, red, dataFolder] = ['blue', 'red', 'data'].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  const place = join(blue, 'copies');
  await mkdir(place, { recursive: true });
  const clock = createHandClock();
  const surroundings = { clock, random: randomBytes, places: createPlaces(clock, []), dataFolder };
  const secret = { passphrase: TEST_PASSPHRASE, scryptN: TEST_SCRYPT_N };
  await createVault(await openPlace(place, surroundings), secret, surroundings);
  const { vaultId } = await locateVault(place, surroundings);
  await cp(blue, red, { recursive: true });
  const remembered = { id: 'BLUE', label: 'Blue', below: 'copies', isRemovable };
  await writePlan(dataFolder, {
    ...samplePlan,
    places: [{ path: place, vaultId, volume: remembered }],
  });
  return { blue, red, place, locate: async () => locateVault(place, surroundings, vaultId) };
}

test.each([true, false])(
  'found by looking on another disk, it is not the place (removable: %s)',
  async (isRemovable) => {
    const { blue, red, locate } = await openOffice(isRemovable);
    await rm(blue, { recursive: true });
    mounted.set(red, 'RED');
    await expect(locate()).rejects.toMatchObject({
      failure: { code: 'place-not-connected', label: 'Blue' },
    });
  },
);

test.each(['BLUE', null])(
  'the disk itself, or one without an identity (%s), is found wherever it is mounted',
  async (id) => {
    const { blue, red, locate } = await openOffice(true);
    const clone = `${red}-clone`;
    await cp(red, clone, { recursive: true });
    await rm(blue, { recursive: true });
    mounted.set(clone, 'RED').set(red, id);
    await expect(locate()).resolves.toMatchObject({ place: join(red, 'copies') });
  },
);

test('at its own path it is the place: the disk was replaced or formatted anew', async () => {
  const { blue, place, locate } = await openOffice(true);
  mounted.set(blue, 'NEW');
  await expect(locate()).resolves.toMatchObject({ place });
});
