// Failures below a connected folder, told in terms of the place: nobody knows where the system has mounted a share.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Failure } from '../../../shared/model/failure.ts';

/** What `work` resolves with; where it fails, `folder` is called `place` in each fact of the failure. */
export async function nameFailures<T>(
  folder: string,
  place: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof BackupError ? renamed(error, folder, place) : error;
  }
}

/** What prevents a connection, told of the place that it was wanted for. */
export function namePlace(error: unknown, root: string, place: string): unknown {
  if (!(error instanceof BackupError) || !('place' in error.failure)) return error;
  if (error.failure.place !== root) return error;
  return new BackupError({ ...error.failure, place }, error.cause);
}

function renamed(error: BackupError, folder: string, place: string): BackupError {
  const facts = Object.entries(error.failure).map(([name, fact]: [string, unknown]) => [
    name,
    typeof fact === 'string' ? fact.replaceAll(folder, () => place) : fact,
  ]);
  const failure = Object.fromEntries(facts) as Failure;
  return new BackupError(failure, error.cause);
}
