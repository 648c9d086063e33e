// Whether a restore target is in use, and the failure that says by whom.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { TargetLook } from '../sources/look-at-target.ts';

type Holders = Pick<TargetLook, 'path' | 'heldBy' | 'lock'>;

/** True where a program is known to have it open: on this computer or, by its lock file, on another one. */
export function isHeld({ heldBy, lock }: Omit<Holders, 'path'>): boolean {
  return (heldBy ?? []).length > 0 || lock !== null;
}

/** The failure that stands for it. */
export function inUse({ path, heldBy, lock }: Holders): BackupError {
  const by = heldBy === null || heldBy.length === 0 ? null : heldBy.join(', ');
  const failure = { code: 'target-in-use', path, by } as const;
  return new BackupError(lock === null ? failure : { ...failure, lock });
}
