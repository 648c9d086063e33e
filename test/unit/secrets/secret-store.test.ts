/** Which store is used where, and how long a missing passphrase is waited for. */
import { describe, expect, test } from 'vitest';
import { ANSWER_WITHIN_MS, openKeychainStore } from '../../../electron/secrets/keychain-store.ts';
import {
  createPatientSecretStore,
  UNLOCKED_WITHIN_MS,
} from '../../../electron/secrets/patient-secret-store.ts';
import {
  openSecretStore,
  type SecretAnswer,
  type SecretStore,
} from '../../../electron/secrets/secret-store.ts';
import { asId, type VaultId } from '../../../shared/model/ids.ts';
import { createTestClock, realClock } from '../../support/test-clock.ts';

const vault: VaultId = asId('00112233445566778899aabbccddeeff');
const found: SecretAnswer = { kind: 'found', secret: 's' };
const locked: SecretAnswer = { kind: 'missing-or-locked' };

/** A keychain that is unlocked after so many questions. */
const storeAnswering = (afterAsks: number, kind: SecretStore['kind'] = 'keychain') => {
  let asks = 0;
  const store: SecretStore = {
    kind,
    get: async () => (++asks > afterAsks ? found : locked),
    peek: async () => locked,
    set: async () => true,
    remove: async () => true,
  };
  return { store, asks: () => asks };
};

describe('the store that is used', () => {
  test('the first that the system has', async () => {
    const { store } = storeAnswering(0);
    const { store: later } = storeAnswering(0, 'safe-storage');
    expect(await openSecretStore([async () => null, async () => store, async () => later])).toBe(
      store,
    );
  });

  test('without keytar there is no keychain, and the next store is asked', async () => {
    const absent = (): never => {
      throw new Error("Cannot find module 'keytar'");
    };
    expect(openKeychainStore({ clock: realClock, load: absent })).toBeNull();
    expect(openKeychainStore({ clock: realClock, load: () => ({}) })).toBeNull();
    const { store: next } = storeAnswering(0, 'safe-storage');
    const keychain = async (): Promise<SecretStore | null> =>
      openKeychainStore({ clock: realClock, load: absent });
    expect(await openSecretStore([keychain, async () => next])).toBe(next);
  });

  test('with no store at all nothing is kept, and nothing is claimed to be', async () => {
    const store = await openSecretStore([]);
    expect(store.kind).toBe('none');
    expect(await store.set(vault, 's')).toBe(false);
    expect(await store.get(vault)).toMatchObject({ kind: 'unavailable' });
    expect(await store.remove(vault)).toBe(false);
  });
});

describe('a keychain that misbehaves', () => {
  const openWith = (calls: object, isLocked: boolean | null = null): SecretStore => {
    const keytar = {
      getPassword: async () => null,
      setPassword: async () => undefined,
      deletePassword: async () => false,
      ...calls,
    };
    const store = openKeychainStore({
      clock: createTestClock(),
      load: () => keytar,
      isLocked: async () => isLocked,
    });
    if (store === null) throw new Error('no store');
    return store;
  };

  test('one that asks a person and waits does not hang a backup, and is asked once only', async () => {
    let asks = 0;
    const store = openWith({
      getPassword: async () => {
        asks += 1;
        return new Promise(() => undefined);
      },
    });
    expect(ANSWER_WITHIN_MS).toBeLessThan(60_000);
    expect(await store.get(vault)).toEqual(locked);
    expect(await store.get(vault)).toEqual(locked);
    expect(asks).toBe(1);
  });

  test('one that is known to be locked is not asked at all, for it would ask a person', async () => {
    let asks = 0;
    const ask = async (): Promise<string> => {
      asks += 1;
      return 's';
    };
    const calls = { getPassword: ask, setPassword: ask, deletePassword: ask };
    const store = openWith(calls, true);
    expect(await store.get(vault)).toEqual(locked);
    expect(await store.set(vault, 's')).toBe(false);
    expect(await store.remove(vault)).toBe(false);
    expect(asks).toBe(0);
    expect(await openWith(calls, false).get(vault)).toEqual(found);
  });

  test('one without a service behind it is unavailable', async () => {
    const failing = async (): Promise<never> => {
      throw new Error('Cannot autolaunch D-Bus');
    };
    const store = openWith({
      getPassword: failing,
      setPassword: failing,
      deletePassword: failing,
    });
    expect(await store.get(vault)).toEqual({
      kind: 'unavailable',
      detail: 'Cannot autolaunch D-Bus',
    });
    expect(await store.set(vault, 's')).toBe(false);
    expect(await store.remove(vault)).toBe(false);
  });

  test('one that takes a secret and does not give it back has not stored it', async () => {
    expect(await openWith({}).set(vault, 's')).toBe(false);
    expect(await openWith({ getPassword: async () => 'another' }).set(vault, 's')).toBe(false);
    expect(await openWith({ getPassword: async () => 's' }).set(vault, 's')).toBe(true);
  });
});

describe('after signing in', () => {
  test('a locked keychain is asked again until it opens', async () => {
    const clock = createTestClock();
    const { store, asks } = storeAnswering(7);
    expect(await createPatientSecretStore(store, clock).get(vault)).toEqual(found);
    expect(asks()).toBe(8);
    expect(clock.sleptMs()).toBeLessThan(UNLOCKED_WITHIN_MS);
  });

  test('it is given up after five minutes, and then answered at once', async () => {
    const clock = createTestClock();
    const patient = createPatientSecretStore(storeAnswering(1_000_000).store, clock);
    expect(await patient.get(vault)).toEqual(locked);
    expect(UNLOCKED_WITHIN_MS).toBe(300_000);
    expect(clock.sleptMs()).toBeGreaterThanOrEqual(300_000);
    expect(clock.sleptMs()).toBeLessThan(331_000);
    const before = clock.sleptMs();
    expect(await patient.get(vault)).toEqual(locked);
    expect(clock.sleptMs()).toBe(before);
  });

  test('where there is no store nobody waits, and who cancels does not either', async () => {
    const clock = createTestClock();
    const none = await openSecretStore([]);
    await createPatientSecretStore(none, clock).get(vault);
    expect(clock.sleptMs()).toBe(0);
    const patient = createPatientSecretStore(storeAnswering(1_000_000).store, clock);
    await expect(patient.get(vault, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow(
      'cancelled',
    );
  });
});
