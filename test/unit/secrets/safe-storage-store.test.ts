// A passphrase sealed by the desktop's key: back as it was given, never readable in the file, and absent where it cannot be.
import { readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSafeStorageStore, type Sealer } from '../../../electron/secrets/safe-storage-store.ts';
import { writeDurably } from '../../../electron/plans/durable-file.ts';
import type { VaultId } from '../../../shared/model/ids.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const vault = 'a'.repeat(32) as VaultId;
const other = 'b'.repeat(32) as VaultId;

/** Turns every bit by `key`: enough to see that nothing is stored as it was given. */
const turned = (bytes: Buffer, key: number): Buffer => Buffer.from(bytes.map((byte) => byte ^ key));
const sealerWith = (key: number): Sealer => ({
  seal: async (text) => turned(Buffer.from(`#${text}`), key).toString('base64'),
  unseal: async (sealed) => {
    const text = turned(Buffer.from(sealed, 'base64'), key).toString();
    return text.startsWith('#') ? text.slice(1) : null;
  },
});

async function open(dataFolder: string, sealer: Sealer) {
  const store = await openSafeStorageStore({ dataFolder, sealer, writeDurably });
  if (store === null) throw new Error('no store');
  return store;
}

test('a passphrase is given back as it was, by the same desktop only', async () => {
  const folder = await makeTemporaryFolder();
  const store = await open(folder, sealerWith(7));
  expect(await store.set(vault, '客户 secret')).toBe(true);
  expect(await store.set(other, 'second')).toBe(true);
  expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toMatch(/客户|secret"|second/u);
  const again = await open(folder, sealerWith(7));
  expect(await again.get(vault)).toEqual({ kind: 'found', secret: '客户 secret' });
  const elsewhere = await open(folder, sealerWith(9));
  expect(await elsewhere.get(vault)).toEqual({ kind: 'missing-or-locked' });
  expect(await again.remove(vault)).toBe(true);
  expect(await again.remove(vault)).toBe(false);
  expect(await again.peek(vault)).toEqual({ kind: 'missing-or-locked' });
  expect(await again.get(other)).toEqual({ kind: 'found', secret: 'second' });
});

test('a desktop without a key is no store', async () => {
  const sealer: Sealer = { seal: async () => null, unseal: async () => null };
  expect(await openSafeStorageStore({ dataFolder: '/nowhere', sealer, writeDurably })).toBeNull();
});

test('a file that is damaged holds nothing, and is set aside before another one is begun', async () => {
  const folder = await makeTemporaryFolder();
  await writeFile(join(folder, 'secrets.json'), '{"x":1');
  const store = await open(folder, sealerWith(7));
  expect(await store.get(vault)).toEqual({ kind: 'missing-or-locked' });
  expect(await store.set(vault, 'pass')).toBe(true);
  expect(await store.get(vault)).toEqual({ kind: 'found', secret: 'pass' });
  expect(await readFile(join(folder, 'secrets.damaged.json'), 'utf8')).toBe('{"x":1');
});

test('a file that cannot be read now is not replaced by what is known now', async () => {
  const folder = await makeTemporaryFolder();
  const path = join(folder, 'secrets.json');
  const store = await open(folder, sealerWith(7));
  expect(await store.set(vault, 'pass')).toBe(true);
  await rename(path, join(folder, 'away.json'));
  // Nobody can read through it, and whoever writes by renaming would replace it.
  await symlink('secrets.json', path);
  expect(await store.get(vault)).toEqual({ kind: 'missing-or-locked' });
  expect(await store.set(other, 'second')).toBe(false);
  expect(await store.remove(vault)).toBe(false);
  expect(await readdir(folder)).toEqual(['away.json', 'secrets.json']);
  await rm(path);
  await rename(join(folder, 'away.json'), path);
  expect(await store.set(other, 'second')).toBe(true);
  expect(await store.get(vault)).toEqual({ kind: 'found', secret: 'pass' });
});
