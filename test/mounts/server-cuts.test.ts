/**
 * The server behind a network share loses its power while an office backs up to it, tidies up or restores a CRM that lies
 * on it; the office's computer lives on. Each time the server is back, all that was said to be done is there.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { planCuts, rehearse, runCut, type Cut } from '../support/mounts/cuts.ts';
import { createKeptLedger, type KeptLedger } from '../support/mounts/kept-ledger.ts';
import { missingFor } from '../support/mounts/mount-needs.ts';
import type { RemoteOffice } from '../support/mounts/remote-office.ts';
import { recordTrial } from '../support/mounts/results.ts';
import {
  makeDisk,
  meetOffice,
  officeCommand,
  SHARE,
  startShareNetwork,
} from '../support/mounts/share-network.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const missing = missingFor('guest', ['smbd', 'smbpasswd', 'mount.cifs', 'mkfs.ext4', 'e2fsck']);
const title = 'power cuts of the server behind a network share';

test.skipIf(missing.length > 0)(title, async () =>
  recordTrial({ name: 'server-power', title, kind: 'fault' }, async (note) => {
    const disk = join(await makeTemporaryFolder(), 'disk.img');
    const steps = await makeTemporaryFolder();
    await makeDisk(disk, 300);
    const task = { crm: `${SHARE}/crm/crm.db`, dataFolder: '/mnt/local/data', steps };
    await using network = await startShareNetwork(disk, officeCommand(task));
    const office = await meetOffice(network, steps);
    const ledger = createKeptLedger();
    await furnish(office);
    ledger.hear(office.heard());
    await rehearse(office, ledger);
    const counts = { cuts: 0, hit: 0, done: 0, failed: 0 };
    for (const cut of planCuts()) {
      await prepare(office, ledger, cut);
      const outcome = await runCut(office, ledger, cut, async () => {
        await network.server.cut();
        await network.server.boot();
      });
      counts.cuts += 1;
      if (outcome !== null) counts.hit += 1;
      if (outcome === 'done' || outcome === 'failed') counts[outcome] += 1;
      ledger.hear(office.heard());
      // What this computer remembers of the share's files is not what lies on the server.
      await office.run({ do: 'shell', command: 'echo 3 >/proc/sys/vm/drop_caches' });
      ledger.check(await office.run({ do: 'check' }));
      note({
        cuts: counts.cuts,
        'in the middle of the work': counts.hit,
        'runs that went on and succeeded': counts.done,
        'failed and said so': counts.failed,
        'reported points lost': 0,
      });
    }
    expect(counts.hit).toBeGreaterThan(counts.cuts / 2);
    await network.server.cut();
    // Replays the journal and says so (1); anything worse would be damage.
    expect(spawnSync('e2fsck', ['-fp', disk]).status).toBeLessThanOrEqual(1);
  }),
);

async function furnish(office: RemoteOffice): Promise<void> {
  await office.run({ do: 'createVault' });
  await office.run({ do: 'putCrm', from: inject('smallCrm'), journal: 'delete' });
  await office.run({ do: 'backUp' });
}

/** The CRM moves on, written by another computer, and there is a second state to go back to. */
async function prepare(office: RemoteOffice, ledger: KeptLedger, cut: Cut): Promise<void> {
  await office.run({ do: 'changeCrm', seed: cut.seed, share: 0.2, elsewhere: true });
  // Another computer's write is safe on the server before anything is cut.
  await office.run({ do: 'shell', command: 'sync' });
  await office.run({ do: 'backUp' });
  if (cut.action === 'restoreInPlace') await office.run({ do: 'tidy', keepLast: 3 });
  ledger.hear(office.heard());
}
