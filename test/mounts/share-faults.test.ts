/** A network share that is full, stands still, is gone for a while, or has a second computer on it, in the middle of a backup. */
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { createKeptLedger } from '../support/mounts/kept-ledger.ts';
import { missingFor } from '../support/mounts/mount-needs.ts';
import { listenToOffice, type RemoteOffice } from '../support/mounts/remote-office.ts';
import { recordTrial, type ResultPart } from '../support/mounts/results.ts';
import {
  makeDisk,
  meetOffice,
  officeCommand,
  SHARE,
  startShareNetwork,
  type ShareNetwork,
} from '../support/mounts/share-network.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { realClock } from '../support/test-clock.ts';

const missing = missingFor('guest', ['smbd', 'smbpasswd', 'mount.cifs', 'mkfs.ext4']);

interface Setting {
  readonly network: ShareNetwork;
  readonly office: RemoteOffice;
  readonly note: (facts: ResultPart['facts']) => void;
}

/** Nothing reported is lost, and nothing else is there than what was reported or finished. */
async function expectAllKept(office: RemoteOffice): Promise<void> {
  const ledger = createKeptLedger();
  const checked = await office.run({ do: 'check' });
  ledger.hear(office.heard());
  ledger.check(checked);
}

async function fillShare({ office, note }: Setting): Promise<void> {
  await office.run({ do: 'backUp' });
  await office.run({ do: 'changeCrm', seed: 1, share: 1 });
  await office.run({ do: 'fillDisk', leaveBytes: 2 << 20 });
  const backup = await office.start({ do: 'backUp', kind: 'full' });
  const end = await backup.ended;
  expect(end).toMatchObject({ event: 'failed', failure: { code: 'place-full' } });
  await expectAllKept(office);
  await office.run({ do: 'emptyDisk' });
  const again = await office.run({ do: 'backUp' });
  await expectAllKept(office);
  note({ outcome: 'place-full', after: `the next one (${again.kind}) succeeds` });
}

async function freezeServer({ network, office, note }: Setting): Promise<void> {
  const backup = await office.start({ do: 'backUp' });
  await backup.working;
  network.server.guest().freeze();
  await realClock.sleep(20_000);
  network.server.guest().thaw();
  const end = await backup.ended;
  expect(end).toMatchObject({ event: 'done' });
  expect(end.ms).toBeGreaterThan(20_000);
  await expectAllKept(office);
  note({ outcome: 'the backup waited and succeeded' });
}

async function takeServerAway({ network, office, note }: Setting): Promise<void> {
  await office.run({ do: 'backUp' });
  await office.run({ do: 'changeCrm', seed: 1, share: 1 });
  const backup = await office.start({ do: 'backUp', kind: 'full' });
  await backup.working;
  await network.server.cut();
  await realClock.sleep(15_000);
  await network.server.boot();
  const end = await backup.ended;
  const outcome = end.event === 'done' ? 'done' : end.failure.code;
  const why = JSON.stringify(end);
  expect(['done', 'place-unreachable', 'place-missing'], why).toContain(outcome);
  const again = await office.run({ do: 'backUp' });
  await expectAllKept(office);
  await restartUnderCheck({ network, office });
  note({ outcome, after: `the next one (${again.kind}) succeeds, a check rides out a restart` });
}

/** Reading can be repeated: a check that meets a server which starts again goes on where it was. */
async function restartUnderCheck({
  network,
  office,
}: Pick<Setting, 'network' | 'office'>): Promise<void> {
  await office.run({ do: 'shell', command: 'echo 3 >/proc/sys/vm/drop_caches' });
  const check = await office.start({ do: 'check' });
  await check.working;
  await network.server.cut();
  await network.server.boot();
  const end = await check.ended;
  expect(end).toMatchObject({ event: 'done', isSound: true });
}

const faults = [
  { name: 'full', title: 'full', diskMb: 80, run: fillShare },
  { name: 'frozen', title: 'frozen for 20 s', diskMb: 300, run: freezeServer },
  { name: 'gone', title: 'gone for 15 s and back', diskMb: 300, run: takeServerAway },
];

describe.skipIf(missing.length > 0)('a network share in the middle of a backup', () => {
  test.each(faults)('$title', async ({ name, title, diskMb, run }) =>
    recordTrial({ name, title: `share ${title}`, kind: 'fault' }, async (note) => {
      const folder = await makeTemporaryFolder();
      const steps = await makeTemporaryFolder();
      const disk = join(folder, 'disk.img');
      await makeDisk(disk, diskMb);
      const task = { crm: '/mnt/local/crm/crm.db', dataFolder: '/mnt/local/data', steps };
      await using network = await startShareNetwork(disk, officeCommand(task));
      const office = await meetOffice(network, steps);
      await office.run({ do: 'createVault' });
      await office.run({ do: 'putCrm', from: inject('largeCrm'), journal: 'wal' });
      await run({ network, office, note });
    }),
  );
});

describe.skipIf(missing.length > 0)('two computers on one share', () => {
  test('take turns, and lose nothing', async () =>
    recordTrial(
      { name: 'two', title: 'a second computer at work in the same vault', kind: 'fault' },
      async (note) => {
        const folder = await makeTemporaryFolder();
        const [first, second] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
        const disk = join(folder, 'disk.img');
        await makeDisk(disk, 300);
        await using network = await startShareNetwork(disk, twoComputers(first, second));
        const { lines } = network.office;
        const isOther = (line: string): boolean => line.startsWith('@other ');
        const one = listenToOffice(lines, first, 0, (line) => !isOther(line));
        const other = listenToOffice(lines, second, 0, isOther);
        await one.ready();
        await other.ready();
        await one.run({ do: 'createVault' });
        await one.run({ do: 'putCrm', from: inject('sampleCrm'), journal: 'wal' });
        await other.run({ do: 'putCrm', from: inject('sampleCrm'), journal: 'delete' });
        await other.run({ do: 'changeCrm', seed: 9, share: 0.5 });
        const outcomes: string[] = [];
        for (let round = 0; round < 4; round++) {
          const first = await one.start({ do: 'backUp', kind: 'full' });
          // At the same moment, and once the other is in the middle of it.
          if (round >= 2) await first.working;
          const second = await other.start({ do: 'backUp' });
          const ends = await Promise.all([first.ended, second.ended]);
          outcomes.push(...ends.map((end) => (end.event === 'done' ? 'done' : end.failure.code)));
          expect(ends.some(({ event }) => event === 'done')).toBe(true);
        }
        for (const outcome of outcomes) expect(['done', 'vault-busy']).toContain(outcome);
        // Somebody met somebody, else nothing was shown.
        expect(outcomes).toContain('vault-busy');
        const ledger = createKeptLedger();
        const checked = await one.run({ do: 'check' });
        ledger.hear(other.heard());
        ledger.hear(one.heard());
        ledger.check(checked);
        const count = (outcome: string): number =>
          outcomes.filter((found) => found === outcome).length;
        note({ outcome: `${count('done')} done, ${count('vault-busy')} told that it is busy` });
      },
    ));
});

/** The second one has a mount, a name, a boot and processes of its own: another computer for everybody. */
function twoComputers(first: string, second: string): string {
  const taskOf = (name: string, steps: string) => ({
    crm: `/mnt/local/${name}/crm.db`,
    dataFolder: `/mnt/local/${name}/data`,
    steps,
  });
  return `
mkdir -p /mnt/other
mount -t cifs "//$ADDRESS/copies" /mnt/other -o "credentials=$W/credentials,vers=3.1.1,uid=0,nosharesock" || exit 91
cat /proc/sys/kernel/random/uuid >"$W/boot"
unshare --uts --mount --propagation private --pid --fork --mount-proc bash -c '
hostname other; mount --bind /mnt/local/boot /proc/sys/kernel/random/boot_id
exec ${officeCommand(taskOf('other', second), '/mnt/other/vault').replaceAll("'", `'"'"'`)}' | sed -u 's/^@office /@other @office /' &
${officeCommand(taskOf('one', first), `${SHARE}/vault`)}`;
}
