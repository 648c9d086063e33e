// Whether a share is still connected, by the folders of the session's file system layer.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createGioShares } from '../../../electron/platform/shares/gio-shares.ts';
import { parseShareAddress } from '../../../shared/model/share-address.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

test('a share is gone when the list lacks it, not when the list cannot be read', async () => {
  const runtime = await makeTemporaryFolder();
  vi.stubEnv('XDG_RUNTIME_DIR', runtime);
  onTestFinished(() => void vi.unstubAllEnvs());
  const share = parseShareAddress('smb://nas/copies');
  if (share === null) throw new Error('no address');
  const gvfs = join(runtime, 'gvfs');
  const folder = join(gvfs, 'smb-share:server=nas,share=copies');
  const shares = createGioShares();
  const isConnected = async () => shares.isConnected(share, folder);
  await expect(isConnected()).resolves.toBe(false);
  await mkdir(folder, { recursive: true });
  await expect(isConnected()).resolves.toBe(true);
  await expect(shares.find(share)).resolves.toBe(folder);
  await rm(folder, { recursive: true });
  await expect(isConnected()).resolves.toBe(false);
  // Any error but "not there" will do: another server that is away gives EIO.
  await rm(gvfs, { recursive: true });
  await writeFile(gvfs, '');
  await expect(isConnected()).resolves.toBe(true);
  await expect(shares.find(share)).resolves.toBeNull();
});
