// An open vault: storage, keys and what was read from it in this process.
// Immutable objects are remembered by name, so an agent that keeps the vault open reads each manifest and note once.
import type { Clock, RandomBytes } from '../../../shared/model/clock.ts';
import type { VaultId } from '../../../shared/model/ids.ts';
import type { VaultKeys } from '../crypto/object-key.ts';
import type { Storage } from '../storage/storage.ts';

/** What the engine takes from outside. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: RandomBytes;
}

export interface Vault extends Surroundings {
  readonly storage: Storage;
  readonly id: VaultId;
  readonly keys: VaultKeys;
  /** Decoded immutable objects by name; a cache, dropped at will. */
  readonly memory: Map<string, unknown>;
}

/** Manifests and notes that one vault keeps decoded; a few KB each. */
const MOST_REMEMBERED = 4096;

/** Remembered value of an immutable object, or `read` it now. The one that was remembered first goes first. */
export async function remember<T>(vault: Vault, name: string, read: () => Promise<T>): Promise<T> {
  if (vault.memory.has(name)) return vault.memory.get(name) as T;
  const value = await read();
  for (const oldest of vault.memory.keys()) {
    if (vault.memory.size < MOST_REMEMBERED) break;
    vault.memory.delete(oldest);
  }
  vault.memory.set(name, value);
  return value;
}

/** The same for a series of objects of which only the newest is ever asked for, and each names all restore points. */
export async function rememberNewest<T>(
  vault: Vault,
  series: string,
  name: string,
  read: () => Promise<T>,
): Promise<T> {
  const known = vault.memory.get(series) as
    | { readonly name: string; readonly value: T }
    | undefined;
  if (known?.name === name) return known.value;
  const value = await read();
  vault.memory.set(series, { name, value });
  return value;
}

/** 32 hex digits for a new object. */
export function newId(random: RandomBytes): string {
  return Buffer.from(random(16)).toString('hex');
}
