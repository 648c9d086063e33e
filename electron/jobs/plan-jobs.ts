// Making, changing and deleting plans: the file on this computer, and a sealed copy in each of the plan's vaults.
// Promise: a plan is stored only where a vault of it was seen. Pausing works without the place; its copy then follows later.
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import type { Place } from '../../shared/model/place.ts';
import { parsePlan, type Plan } from '../../shared/model/plan.ts';
import type { PointSource } from '../../shared/model/restore-point.ts';
import { loadNewestManifest, readPointIndex } from '../engine/vault/point-index.ts';
import type { Lease } from '../engine/vault/lease.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { readPlan, removePlan, writePlan } from '../plans/plan-files.ts';
import { dropAgreement } from './actions/agreements.ts';
import { completePlan, placesInDraft } from './complete-plan.ts';
import type { Engine } from './engine.ts';
import { isAwayCode } from './is-away-code.ts';
import { isPlanNoted, notePlan, notePlanDeleted } from './plan-notes.ts';
import type { JobContext } from './record-run.ts';
import { changeVault, useVault } from './use-vault.ts';
import { volumeOfPlace } from './volume-of-place.ts';

/** Stores a plan, new or changed; `draft` may leave out ids and times. Throws plan-invalid, vault-missing. */
export async function createPlan(
  engine: Engine,
  draft: unknown,
  context: JobContext,
): Promise<Plan> {
  const named = placesInDraft(draft);
  if (named.length === 0) {
    const detail = 'places: must be at least one place';
    throw new BackupError({ code: 'plan-invalid', plan: '?', detail });
  }
  const seen = new Map<string, SeenVault>();
  let away: unknown = null;
  for (const { path, vaultId } of named) {
    try {
      seen.set(path, await lookAtVault(engine, path, vaultId, context));
    } catch (error) {
      // A disk that takes turns lies in a drawer: its copy of the plan follows when it is plugged in.
      if (vaultId === null || !isAway(error)) throw error;
      away = error;
    }
  }
  if (seen.size === 0) throw away;
  const knownSources = [...seen.values()].flatMap(({ sources }) => sources);
  const plan = completePlan(engine, draft, { places: seen, knownSources });
  const vaults = new Set([...seen.values()].map(({ vaultId }) => vaultId));
  await writeNotes(engine, plan, vaults, context);
  await writePlan(engine.dataFolder, plan);
  return plan;
}

type SeenVault = Pick<Place, 'vaultId' | 'volume'> & { readonly sources: readonly PointSource[] };

async function lookAtVault(
  engine: Engine,
  place: string,
  expectedVault: VaultId | null,
  context: JobContext,
): Promise<SeenVault> {
  const volume = await volumeOfPlace(place);
  return useVault(engine, { place, expectedVault }, context, async ({ vault }) => {
    const index = await readPointIndex(vault, engine.vaults.report);
    const newest = await loadNewestManifest(vault, index.live, engine.vaults.report);
    const sources = newest?.point.sources ?? [];
    return { vaultId: vault.id, ...(volume === null ? {} : { volume }), sources };
  });
}

/** Before it is stored here: a plan is stored only where its vault took it. */
async function writeNotes(
  engine: Engine,
  plan: Plan,
  vaults: ReadonlySet<VaultId | null>,
  context: JobContext,
): Promise<void> {
  for (const { path: place, vaultId: expectedVault } of plan.places) {
    if (!vaults.has(expectedVault)) continue;
    await useVault(engine, { place, expectedVault }, context, async ({ vault }) =>
      changeVault(engine, vault, 'plan', context.signal, async (lease) =>
        notePlan(vault, lease, plan),
      ),
    );
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof BackupError && isAwayCode(error.failure.code);

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
  await dropAgreement(engine, plan);
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
  for (const { path: place, vaultId: expectedVault, set } of plan.places) {
    try {
      await useVault(engine, { place, expectedVault }, context, async ({ vault }) =>
        changeVault(engine, vault, 'plan', context.signal, async (lease) => change(vault, lease)),
      );
    } catch (error) {
      if (!(error instanceof BackupError) || context.signal.aborted) throw error;
      // One that takes turns is away most of the time.
      if (set !== undefined && isAwayCode(error.failure.code)) continue;
      engine.notify({ kind: 'plan-copy-late', plan: plan.name, failure: failureOf(error) });
    }
  }
}
