/** What opens a vault: nobody is locked out by a crash or a damaged file, and nobody gets in with an old passphrase. */
import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatRecoveryKey } from '../../electron/engine/crypto/recovery-key.ts';
import type { VaultSecret } from '../../electron/engine/crypto/key-header.ts';
import { keyHeaderName } from '../../electron/engine/format/object-names.ts';
import { createFaultyStorage } from '../../electron/engine/storage/faulty-storage.ts';
import {
  createMemoryStorage,
  type MemoryStorage,
} from '../../electron/engine/storage/memory-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { listGenerations } from '../../electron/engine/vault/key-generations.ts';
import {
  changeKeys,
  createVault,
  openVault,
  type KeyChange,
} from '../../electron/engine/vault/open-vault.ts';
import { runReader } from '../support/emergency-reader.ts';
import { createLedger } from '../support/quiet-database.ts';
import { realClock } from '../support/test-clock.ts';
import { openTestEngine, TEST_PASSPHRASE, TEST_SCRYPT_N } from '../support/test-engine.ts';

const surroundings = { clock: realClock, random: randomBytes };
const ignore = (): void => undefined;
const byPassphrase = (passphrase: string): VaultSecret => ({ kind: 'passphrase', passphrase });
const byRecoveryKey = (secret: Buffer): VaultSecret => ({ kind: 'recovery-key', secret });
const toNew: KeyChange = { kind: 'passphrase', passphrase: 'new one', scryptN: TEST_SCRYPT_N };

/** `opened`, or the code of the failure. */
async function tryOpen(storage: Storage, secret: VaultSecret): Promise<string> {
  try {
    await openVault(storage, secret, surroundings, ignore);
    return 'opened';
  } catch (error) {
    return (error as { failure: { code: string } }).failure.code;
  }
}

async function makeVault() {
  const storage = createMemoryStorage(surroundings);
  const wish = { passphrase: 'old one', scryptN: TEST_SCRYPT_N };
  return { storage, ...(await createVault(storage, wish, surroundings)) };
}

describe('a changed passphrase', () => {
  test('opens the vault, the old one does not, the recovery key on paper still does', async () => {
    const { storage, vault, recoverySecret } = await makeVault();
    await changeKeys(vault, byPassphrase('old one'), toNew, ignore);
    expect(await tryOpen(storage, byPassphrase('new one'))).toBe('opened');
    expect(await tryOpen(storage, byPassphrase('old one'))).toBe('key-wrong');
    expect(await tryOpen(storage, byRecoveryKey(recoverySecret))).toBe('opened');
    expect(await listGenerations(storage)).toEqual([2]);
  });

  test('can be set by the recovery key when the old one is forgotten', async () => {
    const { storage, vault, recoverySecret } = await makeVault();
    await changeKeys(vault, byRecoveryKey(recoverySecret), toNew, ignore);
    expect(await tryOpen(storage, byPassphrase('new one'))).toBe('opened');
    expect(await tryOpen(storage, byRecoveryKey(recoverySecret))).toBe('opened');
  });

  test('cannot be set by who does not know the old one', async () => {
    const { storage, vault } = await makeVault();
    await expect(changeKeys(vault, byPassphrase('guess'), toNew, ignore)).rejects.toMatchObject({
      failure: { code: 'key-wrong' },
    });
    expect(await tryOpen(storage, byPassphrase('old one'))).toBe('opened');
    expect(await listGenerations(storage)).toEqual([1]);
  });
});

describe('a new recovery key', () => {
  test('opens the vault, the old paper does not, the passphrase still does', async () => {
    const { storage, vault, recoverySecret } = await makeVault();
    const change: KeyChange = { kind: 'recovery-key' };
    const made = await changeKeys(vault, byPassphrase('old one'), change, ignore);
    if (made === null) throw new Error('no recovery key was made');
    expect(await tryOpen(storage, byRecoveryKey(made))).toBe('opened');
    expect(await tryOpen(storage, byRecoveryKey(recoverySecret))).toBe('key-wrong');
    expect(await tryOpen(storage, byPassphrase('old one'))).toBe('opened');
    await changeKeys(vault, byPassphrase('old one'), toNew, ignore);
    expect(await tryOpen(storage, byRecoveryKey(made))).toBe('opened');
  });
});

describe('a crash while keys are changed', () => {
  test('locks nobody out, wherever it falls', async () => {
    const { storage, vault, recoverySecret } = await makeVault();
    const opensAfter = async (survivor: MemoryStorage): Promise<readonly string[]> =>
      Promise.all(
        ['old one', 'new one'].map(async (text) => tryOpen(survivor, byPassphrase(text))),
      );
    const outcomes = new Set<string>();
    for (let mutation = 1; ; mutation++) {
      for (const at of ['before', 'torn', 'torn-final', 'after'] as const) {
        const place = storage.afterKill();
        const faulty = createFaultyStorage(place, [{ kind: 'stop', at, mutation }]);
        const work = changeKeys(
          { ...vault, storage: faulty },
          byPassphrase('old one'),
          toNew,
          ignore,
        );
        const isWhole = await work.then(
          () => true,
          () => false,
        );
        if (isWhole) {
          expect(mutation).toBeGreaterThan(4);
          expect([...outcomes].toSorted()).toEqual(['key-wrong,opened', 'opened,key-wrong']);
          return;
        }
        const cuts = at === 'before' ? [place.afterPowerCut('undone')] : [];
        for (const survivor of [place.afterKill(), ...cuts]) {
          const opens = await opensAfter(survivor);
          outcomes.add(opens.join());
          expect(opens, `${at} mutation ${mutation}`).toContain('opened');
          expect(await tryOpen(survivor, byRecoveryKey(recoverySecret))).toBe('opened');
          if (at !== 'torn-final') continue;
          // Whichever of the two opens it now can change it again, and then one generation is left.
          const secret = byPassphrase(opens[1] === 'opened' ? 'new one' : 'old one');
          const again = await openVault(survivor, secret, surroundings, ignore);
          await changeKeys(again, secret, { ...toNew, passphrase: 'third' }, ignore);
          expect(await tryOpen(survivor, byPassphrase('third'))).toBe('opened');
          expect(await tryOpen(survivor, secret)).toBe('key-wrong');
          expect(await listGenerations(survivor)).toHaveLength(1);
        }
      }
    }
  });

  test('while the vault is made leaves a place where it can be made again', async () => {
    const wish = { passphrase: 'p', scryptN: TEST_SCRYPT_N };
    for (let mutation = 1; ; mutation++) {
      const place = createMemoryStorage(surroundings);
      const faulty = createFaultyStorage(place, [{ kind: 'stop', at: 'before', mutation }]);
      const isWhole = await createVault(faulty, wish, surroundings).then(
        () => true,
        () => false,
      );
      if (isWhole) {
        expect(mutation).toBeGreaterThan(4);
        return;
      }
      const survivor = place.afterKill();
      await createVault(survivor, wish, surroundings);
      expect(await tryOpen(survivor, byPassphrase('p'))).toBe('opened');
    }
  });
});

test('the next backup finishes what a crash left of a change: the old passphrase is out, both copies are there', async () => {
  const engine = await openTestEngine();
  const path = join(engine.folder, 'crm.db');
  createLedger(path, { rows: 30, seed: 1 });
  // The second generation's first copy is there, nothing more.
  const faulty = createFaultyStorage(engine.storage, [{ kind: 'stop', at: 'before', mutation: 2 }]);
  const vault = { ...engine.vault, storage: faulty };
  await expect(
    changeKeys(vault, byPassphrase(TEST_PASSPHRASE), toNew, engine.report),
  ).rejects.toThrow('the process ended here');
  expect(await listGenerations(engine.storage)).toEqual([2, 1]);
  await engine.backup(path);
  const names = (await engine.storage.list('keys')).map(({ name }) => name);
  expect(names.toSorted()).toEqual(['keys/00000002.a', 'keys/00000002.b']);
  expect(await tryOpen(engine.storage, byPassphrase('new one'))).toBe('opened');
  expect(await tryOpen(engine.storage, byPassphrase(TEST_PASSPHRASE))).toBe('key-wrong');
});

test('an old key header under a newer name lets no old passphrase in', async () => {
  const { storage, vault } = await makeVault();
  const old = await storage.readWhole(keyHeaderName(1, 'a'), 1e6);
  await changeKeys(vault, byPassphrase('old one'), toNew, ignore);
  for (const side of ['a', 'b'] as const) await storage.put(keyHeaderName(9, side), old);
  expect(await tryOpen(storage, byPassphrase('old one'))).toBe('key-wrong');
  expect(await tryOpen(storage, byPassphrase('new one'))).toBe('opened');
});

describe('a damaged key header', () => {
  test('is made good by the next backup', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    createLedger(path, { rows: 30, seed: 1 });
    const [a, b] = ['a', 'b'].map((side) => join(engine.place, 'keys', `00000001.${side}`));
    const whole = await readFile(a ?? '');
    await writeFile(a ?? '', whole.with(120, 0x21));
    await rm(b ?? '');
    await writeFile(b ?? '', whole);
    await engine.backup(path);
    expect(await readFile(a ?? '')).toEqual(whole);
    await rm(b ?? '');
    await engine.backup(path);
    expect(await readFile(b ?? '')).toEqual(whole);
  });

  test('costs nothing as long as its other copy is whole, and is never taken for a wrong passphrase', async () => {
    const engine = await openTestEngine();
    const [a, b] = (['a', 'b'] as const).map((side) =>
      join(engine.place, ...keyHeaderName(1, side).split('/')),
    ) as [string, string];
    const whole = await readFile(a);
    const outcomes: string[] = [];
    for (const damaged of [Buffer.alloc(0), whole.subarray(0, 200), whole.with(90, 0x21)]) {
      await writeFile(a, damaged);
      outcomes.push(await tryOpen(engine.storage, byPassphrase(TEST_PASSPHRASE)));
      expect(await tryOpen(engine.storage, byPassphrase('wrong'))).toBe('key-wrong');
      await writeFile(b, damaged);
      outcomes.push(await tryOpen(engine.storage, byPassphrase(TEST_PASSPHRASE)));
      await writeFile(b, whole);
    }
    await rm(a);
    outcomes.push(await tryOpen(engine.storage, byPassphrase(TEST_PASSPHRASE)));
    await rm(b);
    outcomes.push(await tryOpen(engine.storage, byPassphrase(TEST_PASSPHRASE)));
    const each = ['opened', 'vault-damaged'];
    expect(outcomes).toEqual([...each, ...each, ...each, ...each]);
  });
});

test('the recovery key of a real vault opens it in the emergency reader after the passphrase was changed', async () => {
  const engine = await openTestEngine();
  const path = join(engine.folder, 'crm.db');
  createLedger(path, { rows: 30, seed: 1 });
  await engine.backup(path);
  await changeKeys(engine.vault, byPassphrase(TEST_PASSPHRASE), toNew, engine.report);
  const vault = { folder: engine.place, passphrase: '' };
  const key = formatRecoveryKey(engine.recoverySecret);
  expect(runReader(vault, ['check'], { HOLDFAST_RECOVERY_KEY: key })).toMatchObject({
    exitCode: 0,
  });
  expect(runReader(vault, ['check'], { HOLDFAST_PASSPHRASE: 'new one' })).toMatchObject({
    exitCode: 0,
  });
  expect(runReader(vault, ['check'], { HOLDFAST_PASSPHRASE: TEST_PASSPHRASE }).exitCode).not.toBe(
    0,
  );
});
