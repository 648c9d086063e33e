// The lane of a plan's work.
import type { VaultId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';

/** Work on the same vault waits for each other; null: the plan has none yet. */
export function vaultOf(plan: Plan): VaultId | null {
  return plan.places[0]?.vaultId ?? null;
}
