// Where the system has no keychain for us: a file of ours whose entries are sealed by the shell, with the key that the
// desktop keeps for it (Electron's safeStorage). Promise: the file alone opens nothing; without the shell there is no store.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isHexId, type VaultId } from '../../shared/model/ids.ts';
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
const fileSchema = z.record(z.string().refine(isHexId), z.base64());
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
  const read = async (): Promise<Sealed> => {
    const text = await readFile(path, 'utf8').catch(() => '{}');
    // One that is not ours holds nothing that could be used.
    return fileSchema.safeParse(parseJson(text)).data ?? {};
  };
  const write = async (entries: Sealed): Promise<void> => {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    await writeDurably(path, `${JSON.stringify(entries, null, 2)}\n`);
  };
  const get: SecretStore['get'] = async (vault: VaultId) => {
    const sealed = (await read())[vault];
    const secret = sealed === undefined ? null : await sealer.unseal(sealed);
    return secret === null ? { kind: 'missing-or-locked' } : { kind: 'found', secret };
  };
  return {
    kind: 'safe-storage',
    get,
    peek: get,
    async set(vault, secret) {
      const sealed = await sealer.seal(secret);
      if (sealed === null) return false;
      await write({ ...(await read()), [vault]: sealed });
      const found = await get(vault);
      return found.kind === 'found' && found.secret === secret;
    },
    async remove(vault) {
      const { [vault]: known, ...others } = await read();
      if (known === undefined) return false;
      await write(others);
      return true;
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
