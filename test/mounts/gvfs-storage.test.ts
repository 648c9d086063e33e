// The storage suite through GNOME's file system layer onto a real Samba server.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import { createGioShares } from '../../electron/platform/shares/gio-shares.ts';
import { parseShareAddress } from '../../shared/model/share-address.ts';
import { describeStorage } from '../conformance/storage.suite.ts';
import { SHARE_PASSWORD } from '../support/shares/samba-server.ts';
import { canShare } from '../support/shares/share-needs.ts';
import { useShareOffice } from '../support/shares/share-office.ts';
import { realClock } from '../support/test-clock.ts';

describe.skipIf(!canShare)('a share as a desktop mounts it', () => {
  const office = useShareOffice();
  const shares = createGioShares();
  let places = 0;

  describeStorage('gvfs', async () => {
    const share = parseShareAddress(office.address('copies'));
    if (share === null) throw new Error('no address');
    const signal = new AbortController().signal;
    const { folder } = await shares.connect(share, SHARE_PASSWORD, signal);
    const root = join(folder, `place-${places++}`);
    await mkdir(root);
    const open = async () => openFolderStorage({ root, clock: realClock, random: randomBytes });
    return { storage: await open(), again: await open() };
  });
});
