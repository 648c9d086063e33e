// Looks at a place that may never answer: a share whose server is gone holds a thread that reads files for as long as the
// system likes. Promise: whoever looks gets an answer or place-unreachable within a minute, or cancelled at once; looks at
// a place that hangs wait for its answer instead of holding one more of the few threads.
import { BackupError } from '../../shared/model/backup-error.ts';
import { withinTime } from './within-time.ts';

/** A disk spins up and a share comes back in less; what takes longer is away. */
const LONGEST_LOOK_MS = 60_000;

/** The last look that was given up, by place. Threads belong to the process, not to an engine. */
const hanging = new Map<string, Promise<unknown>>();

/** What `look` resolves with; it begins when no earlier look hangs. Throws place-unreachable, cancelled. */
export async function lookInTime<T>(
  place: string,
  signal: AbortSignal | null,
  look: () => Promise<T>,
): Promise<T> {
  let isGivenUp = false;
  const work = (async (): Promise<T> => {
    await hanging.get(place);
    if (isGivenUp) throw unreachable(place);
    return look();
  })();
  const ended = await withinTime(
    LONGEST_LOOK_MS,
    work.then((value) => ({ value })),
    null,
    signal,
  ).catch((error: unknown) => {
    if (signal?.aborted === true) return null;
    throw error;
  });
  if (ended !== null) return ended.value;
  isGivenUp = true;
  keepHanging(place, work);
  throw signal?.aborted === true ? new BackupError({ code: 'cancelled' }) : unreachable(place);
}

function keepHanging(place: string, work: Promise<unknown>): void {
  const end = work.catch(() => undefined);
  hanging.set(place, end);
  void end.then(() => {
    if (hanging.get(place) === end) hanging.delete(place);
  });
}

function unreachable(place: string): BackupError {
  const detail = `no answer within ${LONGEST_LOOK_MS / 1000} s`;
  return new BackupError({ code: 'place-unreachable', place, detail });
}
