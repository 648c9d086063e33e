// Takes up a vault on this computer: its plans come back, and the history learns of its restore points.
// Works with the recovery key and an empty data folder alone; holds and restore points are in the vault anyway.
import { access } from 'node:fs/promises';
import type { VaultId } from '../../shared/model/ids.ts';
import type { Place, PlaceVolume } from '../../shared/model/place.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { VaultSecret } from '../engine/crypto/key-header.ts';
import { readPointIndex } from '../engine/vault/point-index.ts';
import { dropVanishedEvidence } from '../history/evidence.ts';
import { rebuildFromPoints } from '../history/rebuild-from-points.ts';
import { listPlans, writePlan } from '../plans/plan-files.ts';
import { areActionsAgreed, commandsOf } from './actions/agreements.ts';
import { acknowledgedInNotes } from './acknowledgement-notes.ts';
import type { Engine } from './engine.ts';
import { confirmKit } from './kit-confirmations.ts';
import { listPoints } from './list-points.ts';
import { locateVault } from './locate-vault.ts';
import { acknowledgeUpTo } from './loss-acknowledgements.ts';
import { plansInNotes } from './plan-notes.ts';
import type { JobContext } from './record-run.ts';
import { rememberSecret, rememberSharePassword } from './remember-secret.ts';
import { useVault } from './use-vault.ts';
import { volumeOfPlace } from './volume-of-place.ts';

export interface ConnectReport {
  readonly vaultId: VaultId;
  readonly place: string;
  readonly points: number;
  readonly plans: readonly {
    readonly plan: Plan;
    /** False: this computer had the plan already, and its own version stays. */
    readonly isNew: boolean;
    /** Paths of CRM data that are not on this computer. */
    readonly missingSources: readonly string[];
  }[];
  readonly isRemembered: boolean;
}

/** Throws vault-missing, key-wrong and their like. */
export async function connectJob(
  engine: Engine,
  request: {
    readonly place: string;
    readonly remember: boolean;
    /** Must open the vault; left out: the one that is at hand. */
    readonly secret?: VaultSecret;
  },
  context: JobContext,
): Promise<ConnectReport> {
  const { place } = request;
  // Connected first: a person who is asked for a password takes longer than a look may.
  await using _held = await engine.places.hold(place, context.signal);
  if (request.secret !== undefined) {
    await engine.vaults.unlock(await locateVault(place, engine), request.secret, context.signal);
  }
  const volume = await volumeOfPlace(place);
  return await useVault(
    engine,
    { place, expectedVault: null },
    context,
    async ({ vault, secret }) => {
      const index = await readPointIndex(vault, engine.vaults.report);
      const plans: ConnectReport['plans'][number][] = [];
      for (const plan of plansInNotes(index.notes)) {
        plans.push(await takeUp(engine, movedTo(plan, vault.id, place, volume)));
      }
      for (const [plan, upTo] of acknowledgedInNotes(index.notes)) {
        await acknowledgeUpTo(engine, plan, upTo);
      }
      const listing = await listPoints(engine, vault, context.signal);
      const points = listing.points.map(({ point }) => point);
      rebuildFromPoints(engine.history(), points, { vaultId: vault.id, path: place });
      dropVanishedEvidence(engine.history(), vault.id, new Set(points.map(({ id }) => id)));
      await rememberSharePassword(engine, place);
      const opened = secret.secret;
      // Whoever has just opened the vault with it has the recovery key.
      if (opened.kind === 'recovery-key') await confirmKit(engine, vault.id);
      const isRemembered =
        request.remember &&
        opened.kind === 'passphrase' &&
        (await rememberSecret(engine, vault.id, opened.passphrase));
      return { vaultId: vault.id, place, points: points.length, plans, isRemembered };
    },
  );
}

/** The vault may be mounted elsewhere on this computer. */
function movedTo(plan: Plan, vaultId: VaultId, path: string, volume: PlaceVolume | null): Plan {
  // The others are found by what the plan remembers of their volumes, when they are plugged in here.
  const places = plan.places.map((place): Place => {
    if (place.vaultId !== vaultId) return place;
    const { volume: _, ...rest } = place;
    return { ...rest, path, ...(volume === null ? {} : { volume }) };
  });
  return { ...plan, places };
}

async function takeUp(engine: Engine, plan: Plan): Promise<ConnectReport['plans'][number]> {
  const { plans } = await listPlans(engine.dataFolder);
  const isNew = !plans.some((stored) => stored.plan.id === plan.id);
  if (isNew) await writePlan(engine.dataFolder, plan);
  if (isNew && !(await areActionsAgreed(engine, plan))) {
    engine.notify({ kind: 'actions-wait', plan: plan.name, commands: commandsOf(plan) });
  }
  const missingSources: string[] = [];
  for (const { path } of plan.sources) {
    if (!(await isThere(path))) missingSources.push(path);
  }
  return { plan, isNew, missingSources };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
