// Failures that are facts about one target of a restore that is only being looked at.
import { BackupError, hasCode } from '../../shared/model/backup-error.ts';
import type { Failure, FailureCode } from '../../shared/model/failure.ts';

const obstacles: readonly FailureCode[] = [
  'target-in-use',
  'target-full',
  'target-refused',
  'target-exists',
  'source-missing',
  'source-unreadable',
  'source-busy',
  'source-damaged',
  'source-unsupported',
  'point-damaged',
  'table-missing',
  'rows-missing',
  'schema-differs',
];

/** What stands in the way of one target; throws anything else. */
export function obstacleOf(error: unknown): Failure {
  if (error instanceof BackupError && hasCode(error, ...obstacles)) return error.failure;
  throw error;
}
