// Seals and unseals secrets for the agent with the key that the desktop keeps for this app (Electron's safeStorage).
// `basic_text` on Linux is a key that everybody has: it counts as none.
import { safeStorage } from 'electron';
import type { Favour } from './agent-process.ts';

/** Base64 in and out of the sealed form; null: the desktop keeps no key, or this was not sealed with it. */
export async function doFavour(favour: Favour, text: string): Promise<string | null> {
  try {
    if (!(await hasKey())) return null;
    if (favour === 'seal') return (await safeStorage.encryptStringAsync(text)).toString('base64');
    return (await safeStorage.decryptStringAsync(Buffer.from(text, 'base64'))).result;
  } catch {
    return null; // sealed by another user or computer: the secret has to be typed
  }
}

async function hasKey(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}
