// README.txt and restore.mjs in every vault: what brings the data back without the app.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hasCode } from '../../../shared/model/backup-error.ts';
import { READER_NAME, README_NAME } from '../format/object-names.ts';
import type { Storage } from '../storage/storage.ts';

const MAX_KIT_BYTES = 1024 * 1024;

/** The two files as this version of the app ships them. */
export async function readOwnKit(): Promise<ReadonlyMap<string, Buffer>> {
  const reader = await readFile(new URL('./emergency/restore.mjs', import.meta.url));
  const readme = await readFile(new URL('./emergency/README.txt', import.meta.url));
  return new Map([
    [READER_NAME, reader],
    [README_NAME, readme],
  ]);
}

/** SHA-256 of the app's own reader, hex: printed on the recovery kit. */
export async function ownReaderDigest(): Promise<string> {
  const reader = (await readOwnKit()).get(READER_NAME) ?? Buffer.alloc(0);
  return createHash('sha256').update(reader).digest('hex');
}

/** Names of kit files that are missing or differ from the app's own. */
export async function findForeignKitFiles(storage: Storage): Promise<readonly string[]> {
  const foreign: string[] = [];
  for (const [name, own] of await readOwnKit()) {
    const found = await readOrNull(storage, name);
    if (found === null || !found.equals(own)) foreign.push(name);
  }
  return foreign;
}

/** Puts the app's own kit files in place of missing or different ones. */
export async function restoreKit(storage: Storage, names: readonly string[]): Promise<void> {
  const own = await readOwnKit();
  for (const name of names) {
    const bytes = own.get(name);
    if (bytes === undefined) continue;
    await storage.remove(name);
    await storage.put(name, bytes);
  }
}

async function readOrNull(storage: Storage, name: string): Promise<Buffer | null> {
  try {
    return await storage.readWhole(name, MAX_KIT_BYTES);
  } catch (error) {
    if (hasCode(error, 'object-missing', 'object-damaged')) return null;
    throw error;
  }
}
