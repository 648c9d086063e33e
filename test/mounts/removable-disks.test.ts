/**
 * Disks that are plugged in and pulled out, as real file systems: found again wherever they are mounted, taking turns, and
 * never taken for the empty folder that they leave behind.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listRuns } from '../../electron/history/runs.ts';
import { createVaultJob } from '../../electron/jobs/create-vault-job.ts';
import { isDiskInUse } from '../../electron/jobs/disk-use.ts';
import { locateVault } from '../../electron/jobs/locate-vault.ts';
import { createPlan } from '../../electron/jobs/plan-jobs.ts';
import { TICK_MS } from '../../electron/jobs/schedule/clock-watch.ts';
import { findVolume, listVolumes } from '../../electron/platform/volumes/list-volumes.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Run } from '../../shared/model/run.ts';
import { startGuest } from '../support/mounts/guest.ts';
import { missingFor } from '../support/mounts/mount-needs.ts';
import { makeMediaFolder, makeUsbDisk, type UsbDisk } from '../support/mounts/usb-disk.ts';
import { openTestAgent, type TestAgent } from '../support/open-test-agent.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { TEST_PASSPHRASE } from '../support/test-engine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const missing = missingFor('host', ['mkfs.ext4', 'mkfs.exfat', 'mount.exfat-fuse', 'blkid']);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const context = { signal: new AbortController().signal, onProgress: () => undefined };

/** The list of volumes is remembered for a moment. */
async function seen(folder: string, isIn = true): Promise<void> {
  await expect
    .poll(async () => (await listVolumes()).some(({ folders }) => folders.includes(folder)), {
      timeout: 20_000,
    })
    .toBe(isIn);
}

async function plugIn(disk: UsbDisk, folder: string): Promise<void> {
  await disk.plugIn(folder);
  await seen(folder);
}

async function unplug(disk: UsbDisk, folder: string): Promise<void> {
  await disk.unplug();
  await seen(folder, false);
  expect(await readdir(folder)).toEqual([]);
}

/** Minutes of the scheduler, and all that follows from them. */
async function stayAwake({ parts, clock }: TestAgent, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= TICK_MS) {
    await clock.advance(TICK_MS);
    await parts.scheduler.tick();
    await clock.drive(parts.scheduler.settled());
  }
}

const backupsOf = ({ engine }: TestAgent, { id }: Plan): readonly Run[] =>
  listRuns(engine.history(), { planId: id, kind: 'backup' }).toReversed();
const told = (agent: TestAgent, plan: Plan): string[] =>
  backupsOf(agent, plan).map(({ place, state }) => {
    const name = plan.places.find(({ path }) => path === place)?.name ?? '?';
    return `${name} ${state}`;
  });

async function makeVault(agent: TestAgent, place: string) {
  const request = { place, passphrase: TEST_PASSPHRASE, remember: true };
  return agent.clock.drive(createVaultJob(agent.engine, request, context));
}

/** A ledger, and two disks with a copy each that take turns; both are in the drawer. */
async function openOffice() {
  const agent = await openTestAgent();
  const media = await makeMediaFolder();
  const database = join(agent.folder, 'crm.db');
  createLedger(database, { rows: 200, seed: 1 });
  const [blue, red] = [await makeUsbDisk('BLUE', 'ext4'), await makeUsbDisk('RED', 'exfat')];
  const [atBlue, atRed] = [media('BLUE'), media('RED')];
  await plugIn(blue, atBlue);
  const first = await makeVault(agent, join(atBlue, 'copies'));
  await unplug(blue, atBlue);
  await plugIn(red, atRed);
  const second = await makeVault(agent, join(atRed, 'copies'));
  const draft = {
    name: 'Office',
    sources: [database],
    places: [
      { path: join(atBlue, 'copies'), name: 'blue', set: 'Disks', vaultId: first.vaultId },
      { path: join(atRed, 'copies'), name: 'red', set: 'Disks', vaultId: second.vaultId },
    ],
    schedule: { kind: 'times', timesOfDay: ['12:00'], days: [1, 2, 3, 4, 5, 6, 7], zone: 'UTC' },
  };
  const plan = await agent.clock.drive(createPlan(agent.engine, draft, context));
  return { agent, media, database, blue, red, atBlue, atRed, plan };
}

describe.runIf(missing.length === 0)('a disk is told by its file system', () => {
  test.each(['ext4', 'exfat'] as const)('%s, wherever it is mounted', async (type) => {
    const media = await makeMediaFolder();
    const blue = await makeUsbDisk('BLUE', type);
    for (const folder of [media('one'), media('two words')]) {
      await plugIn(blue, folder);
      expect(await findVolume(folder)).toMatchObject({
        folder,
        volume: { id: blue.id, label: 'BLUE', kind: 'removable' },
      });
      // Its image lies on the disk of this computer, and so does what is on it.
      const disks = (await findVolume(folder))?.volume.disks;
      expect(disks).toEqual((await findVolume(root))?.volume.disks);
      await unplug(blue, folder);
      expect((await findVolume(folder))?.volume.id).not.toBe(blue.id);
    }
  });
});

test.runIf(missing.length === 0)(
  'a folder is made on a disk that is mounted right below /media, and never in its stead',
  async () => {
    const agent = await openTestAgent();
    const blue = await makeUsbDisk('BLUE', 'ext4');
    const folder = join('/media', `holdfast-direct-${process.pid}`);
    onTestFinished(async () => rm(folder, { recursive: true, force: true }));
    await plugIn(blue, folder);
    await makeVault(agent, join(folder, 'copies'));
    await unplug(blue, folder);
    for (const place of [join(folder, 'copies'), `${folder}-gone`]) {
      await expect(makeVault(agent, place)).rejects.toMatchObject({
        failure: { code: 'place-missing' },
      });
    }
    expect(await readdir(folder)).toEqual([]);
  },
);

describe.runIf(missing.length === 0)('two disks that take turns', () => {
  test('each catches up when it is plugged in, at another folder each time, and can be pulled out at once', async () => {
    const { agent, media, database, blue, red, atBlue, atRed, plan } = await openOffice();
    const left = async (folder: string): Promise<number> => (await stat(folder)).mtimeMs;
    const untouched = await left(atBlue);
    const redId = plan.places[1]?.vaultId as VaultId;
    const inUse: boolean[] = [];
    const onProgress = (): void => void inUse.push(isDiskInUse(agent.engine, redId));
    await agent.call('runPlan', { plan: plan.id }, { onProgress });
    expect(inUse).toContain(true);
    expect(isDiskInUse(agent.engine, redId)).toBe(false);
    expect(told(agent, plan)).toEqual(['red ok']);
    const { outcome } = await agent.call('drill', { plan: plan.id });
    expect(outcome).toBe('proved');
    const placesNow = async () => (await agent.call('overview', {})).plans[0]?.places;
    expect(await placesNow()).toMatchObject([
      { name: 'blue', isHere: false, unplug: null },
      { name: 'red', isHere: true, unplug: 'safe' },
    ]);
    // Not lazily: the living agent holds nothing on it.
    await unplug(red, atRed);

    editDatabase(database, "UPDATE entries SET text = 'changed' WHERE id = 1");
    const elsewhere = media('other', 'BLUE');
    await plugIn(blue, elsewhere);
    await agent.clock.advance(3 * HOUR);
    await stayAwake(agent, 2 * MINUTE);
    expect(told(agent, plan)).toEqual(['red ok', 'blue ok']);
    await agent.clock.advance(HOUR);
    await stayAwake(agent, 2 * MINUTE);
    expect(told(agent, plan)).toEqual(['red ok', 'blue ok', 'blue ok']);
    expect(await readdir(join(elsewhere, 'copies', 'points'))).not.toEqual([]);
    expect(await placesNow()).toMatchObject([
      { name: 'blue', isHere: true, unplug: 'safe' },
      { name: 'red', isHere: false, unplug: null },
    ]);
    await unplug(blue, elsewhere);

    // Red missed the slot of noon; blue has met it.
    const later = media('third');
    await plugIn(red, later);
    await stayAwake(agent, 2 * MINUTE);
    expect(told(agent, plan).slice(3)).toEqual(['red ok']);
    await stayAwake(agent, 10 * MINUTE);
    expect(backupsOf(agent, plan)).toHaveLength(4);
    await unplug(red, later);

    for (const folder of [atBlue, atRed]) expect(await readdir(folder)).toEqual([]);
    expect(await left(atBlue)).toBe(untouched);
    const { status } = (await agent.call('overview', {})).plans[0] ?? {};
    const codes = status?.reasons.map(({ code }) => code);
    // The images lie on the disk of the CRM, and nobody has printed the kit; else all is well with both in the drawer.
    expect(codes).toEqual(['only-own-disk', 'kit-not-confirmed']);
  });

  test('when neither is there nothing is written anywhere, and it is said which disk is missed', async () => {
    const { agent, atBlue, atRed, red, plan } = await openOffice();
    await agent.call('runPlan', { plan: plan.id });
    await unplug(red, atRed);
    const before = await Promise.all([atBlue, atRed].map(async (folder) => stat(folder)));
    const unlock = { plan: plan.id, secret: TEST_PASSPHRASE, remember: false };
    for (const call of [
      async () => agent.call('runPlan', { plan: plan.id }),
      async () => agent.call('drill', { plan: plan.id }),
      async () => agent.call('timeline', { plan: plan.id }),
      async () => agent.call('unlock', unlock),
    ]) {
      await expect(call()).rejects.toMatchObject({
        failure: { code: expect.stringMatching(/^(?:place|vault)-/u) as string },
      });
    }
    await agent.call('pause', { plan: plan.id, untilMs: null });
    await agent.call('resume', { plan: plan.id });
    const copies = plan.places[1];
    await expect(
      locateVault(join(atRed, 'copies'), agent.engine, copies?.vaultId ?? null),
    ).rejects.toMatchObject({ failure: { code: 'place-not-connected', label: 'RED' } });
    for (const [index, folder] of [atBlue, atRed].entries()) {
      expect(await readdir(folder)).toEqual([]);
      expect((await stat(folder)).mtimeMs).toBe(before[index]?.mtimeMs);
    }
  });

  test("a copy of the copy in the mount folder, on the system's own disk, is not the disk", async () => {
    const { agent, atRed, red, plan } = await openOffice();
    await agent.call('runPlan', { plan: plan.id });
    const saved = join(agent.folder, 'saved');
    await cp(join(atRed, 'copies'), saved, { recursive: true });
    await unplug(red, atRed);
    await cp(saved, join(atRed, 'copies'), { recursive: true });
    const points = await readdir(join(atRed, 'copies', 'points'));
    const { places } = (await agent.call('overview', {})).plans[0] ?? {};
    expect(places).toMatchObject([{ isHere: false }, { isHere: false }]);
    await stayAwake(agent, 6 * HOUR);
    expect(backupsOf(agent, plan).filter(({ state }) => state === 'ok')).toHaveLength(1);
    expect(await readdir(join(atRed, 'copies', 'points'))).toEqual(points);
    // Plugged in over it, the disk is itself again.
    await plugIn(red, atRed);
    await agent.call('runPlan', { plan: plan.id });
    expect(backupsOf(agent, plan).filter(({ state }) => state === 'ok')).toHaveLength(2);
    await red.unplug();
  });
});

test.runIf(missing.length === 0)(
  'no command writes to the folder that a disk leaves behind',
  async () => {
    const { agent, atRed, red, plan, database } = await openOffice();
    await agent.call('runPlan', { plan: plan.id });
    await unplug(red, atRed);
    await agent.close();
    const passphrase = join(agent.folder, 'passphrase');
    await writeFile(passphrase, TEST_PASSPHRASE);
    const place = join(atRed, 'copies');
    const into = join(agent.folder, 'restored');
    await mkdir(into);
    const before = await stat(atRed);
    const commands: readonly (readonly string[])[] = [
      ['run', 'Office'],
      ['backup', '--to', place, database],
      ['backup', '--to', atRed, database],
      ['points', '--at', place],
      ['show', 'latest', '--at', place],
      ['vault', 'info', place],
      ['vault', 'create', join(atRed, 'gone', 'copies')],
      ['vault', 'create', `${atRed}-never-plugged-in`],
      ['verify', '--at', place, '--data'],
      ['forget', '--at', place, '--keep-last', '1'],
      ['prune', '--at', place],
      ['drill', 'latest', '--at', place],
      ['restore', 'latest', '--at', place, '--into', into],
      ['restore', 'latest', '--at', place, '--in-place'],
      ['export', 'latest', '--at', place, '--zip', join(agent.folder, 'x.zip')],
      ['key', 'recovery', '--at', place],
      ['connect', place],
    ];
    for (const command of commands) {
      const asked = ['electron/cli.ts', ...command, '--json', '--passphrase-file', passphrase];
      const data = ['--data-dir', agent.engine.dataFolder];
      const ended = await run(process.execPath, [...asked, ...data], { cwd: root }).then(
        () => ({ code: 0, stdout: '' }),
        (error: unknown) => error as { readonly code: number; readonly stdout: string },
      );
      expect({ command, code: ended.code }).toEqual({ command, code: 4 });
      expect(await readdir(atRed)).toEqual([]);
    }
    expect((await stat(atRed)).mtimeMs).toBe(before.mtimeMs);
  },
);

const missingInGuest = missingFor('guest', ['mkfs.vfat', 'blkid']);

test.runIf(missingInGuest.length === 0)(
  'a FAT32 stick can be pulled out right after a run, and is found again elsewhere, by one living process',
  async () => {
    await using guest = await startGuest({
      memoryMb: 1500,
      task: `
set -e
for module in vfat nls_utf8 nls_cp437 nls_iso8859-1 loop; do modprobe $module; done
mkdir -p /dev/disk /media && mount -t tmpfs tmpfs /dev/disk && mount -t tmpfs tmpfs /media
cd '${root}' && '${process.execPath}' test/support/mounts/fat-disk-program.ts /mnt/local /media/a`,
    });
    const code = await guest.ended();
    const steps = guest.lines.all().filter((line) => line.startsWith('@step '));
    expect({ code, steps, said: code === 0 ? [] : guest.lines.all() }).toEqual({
      code: 0,
      steps: [
        '@step volume known',
        '@step backed up',
        '@step out 0',
        '@step place-not-connected',
        '@step left 0',
        '@step found again incremental',
        '@step out 0',
      ],
      said: [],
    });
  },
);
