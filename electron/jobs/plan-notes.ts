// Sealed copies of plans in their vaults: what brings a plan back on a new computer.
import { hasCode } from '../../shared/model/backup-error.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import { parsePlan, type Plan } from '../../shared/model/plan.ts';
import type { Lease } from '../engine/vault/lease.ts';
import { notesOf, writeNote, type Note } from '../engine/vault/notes.ts';
import type { Vault } from '../engine/vault/vault.ts';

/** The newest version of each plan; deleted ones and what cannot be understood are left out. */
export function plansInNotes(notes: readonly Note[]): readonly Plan[] {
  const plans = new Map<unknown, Plan | null>();
  for (const { content } of notesOf(notes, 'plan')) {
    plans.set(idIn(content.plan), tryParse(content.plan));
  }
  return [...plans.values()].filter((plan) => plan !== null);
}

/** Plans whose newest note says that they were deleted. */
export function deletedInNotes(notes: readonly Note[]): ReadonlySet<unknown> {
  const deleted = new Set<unknown>();
  for (const { content } of notesOf(notes, 'plan')) {
    const { plan } = content;
    const isDeleted = typeof plan === 'object' && plan !== null && 'deletedAtMs' in plan;
    deleted[isDeleted ? 'add' : 'delete'](idIn(plan));
  }
  return deleted;
}

/** True when the newest note of this plan is this very version. */
export function isPlanNoted(notes: readonly Note[], plan: Plan): boolean {
  const own = notesOf(notes, 'plan').filter(({ content }) => idIn(content.plan) === plan.id);
  const newest = own.at(-1)?.content.plan;
  return newest !== undefined && JSON.stringify(newest) === JSON.stringify(plan);
}

/** Stores this version. */
export async function notePlan(vault: Vault, lease: Lease, plan: Plan): Promise<void> {
  await writeNote(vault, lease, { what: 'plan', plan });
}

/** So that a deleted plan does not come back with `connect`. */
export async function notePlanDeleted(
  vault: Vault,
  lease: Lease,
  id: PlanId,
  deletedAtMs: number,
): Promise<void> {
  await writeNote(vault, lease, { what: 'plan', plan: { id, deletedAtMs } });
}

function tryParse(value: unknown): Plan | null {
  try {
    return parsePlan(value);
  } catch (error) {
    if (!hasCode(error, 'plan-invalid')) throw error;
    return null;
  }
}

function idIn(plan: unknown): unknown {
  return typeof plan === 'object' && plan !== null && 'id' in plan ? plan.id : null;
}
