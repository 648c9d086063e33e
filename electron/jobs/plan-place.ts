// Where a plan's copies lie.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { VaultAt } from './use-vault.ts';

/** Throws plan-invalid when it names no place. */
export function vaultAtPlan(plan: Plan): VaultAt {
  const [place] = plan.places;
  if (place !== undefined) return { place: place.path, expectedVault: place.vaultId };
  throw new BackupError({ code: 'plan-invalid', plan: plan.name, detail: 'it names no place' });
}
