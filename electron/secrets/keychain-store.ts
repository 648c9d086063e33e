// The system's keychain through keytar: Keychain on macOS, Credential Manager on Windows, the secret service on Linux.
// keytar is an optional package: where it could not be built there is no such store.
// A keychain that is known to be locked is not asked, for it would ask the person. Where that cannot be known a window may
// open; while it does no second call is made for the same secret.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Clock } from '../../shared/model/clock.ts';
import type { SecretName } from '../../shared/model/ids.ts';
import { readKeyringLock } from './keyring-lock.ts';
import type { SecretAnswer, SecretStore } from './secret-store.ts';

const SERVICE = 'Holdfast';

/** How long a keychain may take: longer means that it waits for a person, and a backup does not. */
export const ANSWER_WITHIN_MS = 20_000;

type IsLocked = () => Promise<boolean | null>;

interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

export interface KeychainStoreOptions {
  readonly clock: Clock;
  /** Loads the package; throws when it is not there. */
  readonly load?: () => unknown;
  /** Tells without asking a person; null: cannot be told. */
  readonly isLocked?: IsLocked;
}

/** The keychain, or null where keytar is not installed. */
export function openKeychainStore({
  clock,
  load = loadKeytar,
  isLocked = readKeyringLock,
}: KeychainStoreOptions): SecretStore | null {
  const keytar = tryLoad(load);
  return keytar === null ? null : storeOf(keytar, isLocked, clock);
}

function storeOf(keytar: Keytar, isLocked: IsLocked, clock: Clock): SecretStore {
  const pending = new Map<SecretName, Promise<SecretAnswer>>();
  const ask = async (name: SecretName): Promise<SecretAnswer> => {
    const running = pending.get(name) ?? askKeychain(keytar, isLocked, name);
    pending.set(name, running);
    try {
      return await running;
    } finally {
      pending.delete(name);
    }
  };
  const get = async (name: SecretName, signal?: AbortSignal): Promise<SecretAnswer> =>
    answerInTime(clock, ask(name), { kind: 'missing-or-locked' }, signal);

  return {
    kind: 'keychain',
    get,
    peek: get,
    async set(name, secret) {
      if ((await isLocked()) === true) return false;
      const storing = keytar.setPassword(SERVICE, name, secret).then(
        () => true,
        () => false,
      );
      if (!(await answerInTime(clock, storing, false))) return false;
      const found = await get(name);
      return found.kind === 'found' && found.secret === secret;
    },
    async remove(name) {
      if ((await isLocked()) === true) return false;
      const removing = keytar.deletePassword(SERVICE, name).catch(() => false);
      return answerInTime(clock, removing, false);
    },
  };
}

/** keytar gives null for "no such secret" and for "locked" alike, and throws where no secret service answers. */
async function askKeychain(
  keytar: Keytar,
  isLocked: IsLocked,
  name: SecretName,
): Promise<SecretAnswer> {
  if ((await isLocked()) === true) return { kind: 'missing-or-locked' };
  try {
    const secret = await keytar.getPassword(SERVICE, name);
    return secret === null ? { kind: 'missing-or-locked' } : { kind: 'found', secret };
  } catch (error) {
    return { kind: 'unavailable', detail: error instanceof Error ? error.message : String(error) };
  }
}

async function answerInTime<T>(
  clock: Clock,
  answer: Promise<T>,
  otherwise: T,
  signal?: AbortSignal,
): Promise<T> {
  const answered = new AbortController();
  const signals = signal === undefined ? [answered.signal] : [answered.signal, signal];
  const tooLate = clock.sleep(ANSWER_WITHIN_MS, AbortSignal.any(signals)).then(() => otherwise);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    tooLate.catch(() => undefined);
    answered.abort();
  }
}

function tryLoad(load: () => unknown): Keytar | null {
  try {
    const loaded = load();
    return isKeytar(loaded) ? loaded : null;
  } catch {
    return null;
  }
}

/** On Linux the keychain is another process behind the session bus; without the bus keytar would only fail. */
function hasSecretService(): boolean {
  if (process.platform !== 'linux') return true;
  const { DBUS_SESSION_BUS_ADDRESS: bus, XDG_RUNTIME_DIR: folder } = process.env;
  return (bus ?? '') !== '' || (folder !== undefined && existsSync(join(folder, 'bus')));
}

function loadKeytar(): unknown {
  if (!hasSecretService()) throw new Error('no session bus');
  return createRequire(import.meta.url)('keytar');
}

function isKeytar(value: unknown): value is Keytar {
  if (typeof value !== 'object' || value === null) return false;
  const calls = ['getPassword', 'setPassword', 'deletePassword'];
  return calls.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}
