/**
 * A computer whose power is cut while it backs up, tidies up or restores in place; everything lies on its own ext4 disk.
 * Each time the next start finds all that was said to be done, and the CRM whole. The cut is a kill of the guest's kernel.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { planCuts, rehearse, runCut, type Cut } from '../support/mounts/cuts.ts';
import { startGuest, type Guest } from '../support/mounts/guest.ts';
import { createKeptLedger, type KeptLedger } from '../support/mounts/kept-ledger.ts';
import { missingFor } from '../support/mounts/mount-needs.ts';
import { clearSteps, listenToOffice, type RemoteOffice } from '../support/mounts/remote-office.ts';
import { recordTrial } from '../support/mounts/results.ts';
import { makeDisk } from '../support/mounts/share-network.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const missing = missingFor('guest', ['mkfs.ext4', 'e2fsck']);
const title = 'power cuts of the computer, all on ext4';

/** Vault, CRM and Holdfast's own data on one disk, as on a machine that is cut off with everything on it. */
const task = (steps: string, days: number): string => `
date -s "+${days} days" >/dev/null
e2fsck -p /dev/ubda >/dev/null; echo "@fsck $?"
mkdir -p /mnt/disk && mount -t ext4 /dev/ubda /mnt/disk || exit 90
exec '${process.execPath}' '${inject('officeFolder')}/office-program.js' '${JSON.stringify({
  place: '/mnt/disk/vault',
  crm: '/mnt/disk/crm/crm.db',
  dataFolder: '/mnt/disk/data',
  steps,
})}'`;

test.skipIf(missing.length > 0)(title, async () =>
  recordTrial({ name: 'power', title, kind: 'fault' }, async (note) => {
    const disk = join(await makeTemporaryFolder(), 'disk.img');
    const steps = await makeTemporaryFolder();
    await makeDisk(disk, 300);
    const ledger = createKeptLedger();
    const counts = { cuts: 0, hit: 0, removed: 0 };
    for (const cut of [null, ...planCuts(), null]) {
      await clearSteps(steps);
      // Four days from start to start: what was condemned in one may be removed in the next.
      const days = 4 * counts.cuts;
      await using guest = await startGuest({
        task: task(steps, days),
        memoryMb: 1500,
        disks: [disk],
      });
      const office = listenToOffice(guest.lines, steps);
      await expectWholeDisk(guest);
      await office.ready();
      if (counts.cuts === 0 && cut === null) await furnish(office, ledger);
      else ledger.check(await office.run({ do: 'check' }));
      ledger.hear(office.heard());
      if (cut === null) continue;
      counts.removed += await prepare(office, ledger, cut);
      const outcome = await runCut(office, ledger, cut, async () => guest.cut());
      if (outcome !== null) counts.hit += 1;
      ledger.hear(office.heard());
      counts.cuts += 1;
      note({
        cuts: counts.cuts,
        'in the middle of the work': counts.hit,
        'objects pruned': counts.removed,
        'reported points lost': 0,
      });
    }
    expect(counts.hit).toBeGreaterThan(counts.cuts / 2);
    expect(counts.removed).toBeGreaterThan(0);
    // What the last start saw is on the disk as well.
    expect(spawnSync('e2fsck', ['-fp', disk]).status).toBeLessThanOrEqual(1);
  }),
);

async function expectWholeDisk(guest: Guest): Promise<void> {
  const line = await guest.lines.next((said) => said.startsWith('@fsck '));
  // 1: the journal was replayed. More: the file system itself was damaged, which no program can make good.
  expect(Number(line.slice('@fsck '.length))).toBeLessThanOrEqual(1);
}

async function furnish(office: RemoteOffice, ledger: KeptLedger): Promise<void> {
  await office.run({ do: 'createVault' });
  await office.run({ do: 'putCrm', from: inject('smallCrm'), journal: 'wal' });
  await office.run({ do: 'backUp' });
  ledger.hear(office.heard());
  await rehearse(office, ledger);
}

/** The CRM moves on, and there is a second state to go back to. Gives the objects that pruning removed. */
async function prepare(office: RemoteOffice, ledger: KeptLedger, cut: Cut): Promise<number> {
  // The lease of the computer that died is watched for two minutes; here they pass in three seconds.
  await office.run({ do: 'setPace', factor: 40 });
  await office.run({ do: 'changeCrm', seed: cut.seed, share: 0.2 });
  await office.run({ do: 'backUp', kind: cut.seed % 3 === 0 ? 'full' : 'auto' });
  const { removedObjects = 0 } =
    cut.action === 'tidy' ? {} : await office.run({ do: 'tidy', keepLast: 3 });
  await office.run({ do: 'setPace', factor: cut.action === 'tidy' ? 40 : 1 });
  ledger.hear(office.heard());
  return removedObjects;
}
