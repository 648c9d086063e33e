// A megabyte kept aside in every vault, given up when the place is full: forgetting and pruning write small records first,
// and a full vault that could not even do that could never be made smaller (restic#1140, #5766).
import { hasCode } from '../../../shared/model/backup-error.ts';
import { RESERVE_NAME } from '../format/object-names.ts';
import type { Storage } from '../storage/storage.ts';
import type { Surroundings } from './vault.ts';

const RESERVE_BYTES = 1024 * 1024;

/** Puts the reserve in place where it is missing; a place without room for it keeps none. Random bytes: nothing may compress them away. */
export async function ensureReserve(
  storage: Storage,
  { random }: Pick<Surroundings, 'random'>,
): Promise<void> {
  if ((await storage.size(RESERVE_NAME)) !== null) return;
  try {
    await storage.put(RESERVE_NAME, random(RESERVE_BYTES));
  } catch (error) {
    if (!hasCode(error, 'place-full')) throw error;
  }
}

/** Runs `work`; when the place is full, gives the reserve up and runs it once more. */
export async function withReserve<T>(storage: Storage, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, 'place-full') || (await storage.size(RESERVE_NAME)) === null) throw error;
    await storage.remove(RESERVE_NAME);
    return work();
  }
}
