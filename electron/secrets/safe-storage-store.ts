// Where the system has no keychain for us: a file of ours whose entries are sealed by the shell, with the key that the
// desktop keeps for it (Electron's safeStorage). Promise: the file alone opens nothing; without the shell there is no store.
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isHexId, type SecretName } from '../../shared/model/ids.ts';
import type { SecretStore } from './secret-store.ts';

/** What the shell does for the agent; null: it could not. */
export interface Sealer {
  /** Base64. */
  seal(text: string): Promise<string | null>;
  unseal(sealed: string): Promise<string | null>;
}

export interface SafeStorageOptions {
  /** Absolute. */
  readonly dataFolder: string;
  readonly sealer: Sealer;
  readonly writeDurably: (path: string, text: string) => Promise<void>;
}

const PROBE = 'holdfast';
const isSecretName = (name: string): boolean => isHexId(name) || name.startsWith('share:');
const fileSchema = z.record(z.string().refine(isSecretName), z.base64());
type Sealed = Readonly<Record<string, string>>;

/** The store, or null where the shell cannot seal: no shell, or a desktop without a secret of its own. */
export async function openSafeStorageStore(
  options: SafeStorageOptions,
): Promise<SecretStore | null> {
  const { sealer } = options;
  const sealed = await sealer.seal(PROBE);
  if (sealed === null || (await sealer.unseal(sealed)) !== PROBE) return null;
  return storeOf(options);
}

function storeOf({ dataFolder, sealer, writeDurably }: SafeStorageOptions): SecretStore {
  const path = join(dataFolder, 'secrets.json');
  let isDamaged = false;
  const read = async (): Promise<Sealed> => {
    // Only a file that is not there is empty: one that cannot be read now must not be replaced by what is known now.
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
      throw error;
    });
    // One that is damaged holds nothing that could be used; somebody may still mend it by hand.
    const { data } = fileSchema.safeParse(parseJson(text));
    isDamaged = data === undefined;
    return data ?? {};
  };
  const write = async (entries: Sealed): Promise<void> => {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    if (isDamaged) await rename(path, join(dataFolder, 'secrets.damaged.json'));
    isDamaged = false;
    await writeDurably(path, `${JSON.stringify(entries, null, 2)}\n`);
  };
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: each puts back what it read. */
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const get: SecretStore['get'] = async (name: SecretName) => {
    const sealed = (await read().catch((): Sealed => ({})))[name];
    const secret = sealed === undefined ? null : await sealer.unseal(sealed);
    return secret === null ? { kind: 'missing-or-locked' } : { kind: 'found', secret };
  };
  return {
    kind: 'safe-storage',
    get,
    peek: get,
    async set(name, secret) {
      const sealed = await sealer.seal(secret);
      if (sealed === null) return false;
      const isWritten = await inTurn(async () => write({ ...(await read()), [name]: sealed })).then(
        () => true,
        () => false,
      );
      if (!isWritten) return false;
      const found = await get(name);
      return found.kind === 'found' && found.secret === secret;
    },
    async remove(name) {
      return inTurn(async () => {
        const { [name]: known, ...others } = await read();
        if (known === undefined) return false;
        await write(others);
        return true;
      }).catch(() => false);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
