// Making, changing and deleting plans: the file on this computer, and a sealed copy in the plan's vault.
// Promise: a plan is stored only where its vault was seen. Pausing works without the place; its copy then follows later.
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import { parsePlan, type Plan } from '../../shared/model/plan.ts';
import { loadNewestManifest, readPointIndex } from '../engine/vault/point-index.ts';
import type { Lease } from '../engine/vault/lease.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { readPlan, removePlan, writePlan } from '../plans/plan-files.ts';
import { completePlan, placeInDraft } from './complete-plan.ts';
import type { Engine } from './engine.ts';
import { isPlanNoted, notePlan, notePlanDeleted } from './plan-notes.ts';
import type { JobContext } from './record-run.ts';
import { changeVault, useVault } from './use-vault.ts';

/** Stores a plan, new or changed; `draft` may leave out ids and times. Throws plan-invalid, vault-missing. */
export async function createPlan(
  engine: Engine,
  draft: unknown,
  context: JobContext,
): Promise<Plan> {
  const place = placeInDraft(draft);
  if (place === null) {
    throw new BackupError({ code: 'plan-invalid', plan: '?', detail: 'places: must be one place' });
  }
  return useVault(engine, { place, expectedVault: null }, context, async ({ vault }) => {
    const index = await readPointIndex(vault, engine.vaults.report);
    const newest = await loadNewestManifest(vault, index.live, engine.vaults.report);
    const knownSources = newest?.point.sources ?? [];
    const plan = completePlan(engine, draft, { vaultId: vault.id, knownSources });
    await changeVault(engine, vault, 'plan', context.signal, async (lease) =>
      notePlan(vault, lease, plan),
    );
    await writePlan(engine.dataFolder, plan);
    return plan;
  });
}

/** Holds a plan's slots back until it is resumed. */
export async function pausePlan(engine: Engine, plan: Plan, context: JobContext): Promise<Plan> {
  return changePlan(engine, { ...plan, paused: { untilMs: null } }, context);
}

/** Changes the plan on this computer at once; `notePlanChange` then tells its vault. Throws plan-invalid. */
export async function changePlanFile(
  engine: Engine,
  id: Plan['id'],
  change: Partial<Pick<Plan, 'name' | 'schedule' | 'keep' | 'paused'>>,
): Promise<Plan> {
  const { plan } = await readPlan(engine.dataFolder, id);
  const changed = parsePlan({ ...plan, ...change });
  await writePlan(engine.dataFolder, changed);
  return changed;
}

/** Brings the vault's copy up to date; what prevents that is said. */
export async function notePlanChange(
  engine: Engine,
  plan: Plan,
  context: JobContext,
): Promise<void> {
  await tryInVault(engine, plan, context, async (vault, lease) => notePlan(vault, lease, plan));
}

/** Lets a plan's slots count again. */
export async function resumePlan(engine: Engine, plan: Plan, context: JobContext): Promise<Plan> {
  return changePlan(engine, { ...plan, paused: null }, context);
}

/** Removes the plan here and from its vault; copies and history stay. */
export async function deletePlan(engine: Engine, plan: Plan, context: JobContext): Promise<void> {
  await readPlan(engine.dataFolder, plan.id);
  await tryInVault(engine, plan, context, async (vault, lease) =>
    notePlanDeleted(vault, lease, plan.id, engine.clock.nowMs()),
  );
  await removePlan(engine.dataFolder, plan.id);
}

/** Brings the vault's copy of a plan up to date where it is not. */
export async function renewPlanNote(
  engine: Engine,
  vault: Vault,
  plan: Plan,
  { signal }: JobContext,
): Promise<void> {
  const { notes } = await readPointIndex(vault, engine.vaults.report);
  if (isPlanNoted(notes, plan)) return;
  await changeVault(engine, vault, 'plan', signal, async (lease) => notePlan(vault, lease, plan));
}

async function changePlan(engine: Engine, plan: Plan, context: JobContext): Promise<Plan> {
  await writePlan(engine.dataFolder, plan);
  await notePlanChange(engine, plan, context);
  return plan;
}

/** The place may be away, locked or busy: said, and made up for by the next backup. */
async function tryInVault(
  engine: Engine,
  plan: Plan,
  context: JobContext,
  change: (vault: Vault, lease: Lease) => Promise<void>,
): Promise<void> {
  for (const { path: place, vaultId: expectedVault } of plan.places) {
    try {
      await useVault(engine, { place, expectedVault }, context, async ({ vault }) =>
        changeVault(engine, vault, 'plan', context.signal, async (lease) => change(vault, lease)),
      );
    } catch (error) {
      if (!(error instanceof BackupError) || context.signal.aborted) throw error;
      engine.notify({ kind: 'plan-copy-late', plan: plan.name, failure: failureOf(error) });
    }
  }
}
