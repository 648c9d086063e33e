// Patience with other programs: virus scanners and indexers hold a new file open for a moment, and Windows and SMB
// then refuse to open, rename or remove it.
import type { Clock } from '../../../shared/model/clock.ts';
import { isBlocked } from './storage-failure.ts';

/** How long a file held by another program is waited for: a scanner is through with 256 MiB by then. */
export const BLOCKED_FOR_MS = 10_000;

const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 500;

/** Runs `action`; while it fails with EPERM, EACCES or EBUSY, again for up to 10 s. Then the last error is thrown. */
export async function retryWhileBlocked<T>(
  clock: Clock,
  action: () => Promise<T>,
  isHopeless: () => Promise<boolean> = async () => false,
): Promise<T> {
  const untilMs = clock.monotonicMs() + BLOCKED_FOR_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await action();
    } catch (error) {
      if (!isBlocked(error) || clock.monotonicMs() >= untilMs || (await isHopeless())) throw error;
      await clock.sleep(waitMs);
    }
  }
}
