// From nothing to a plan with a vault of its own, in a new folder of the chosen place.
// Promise: both are made or neither is; only a folder that was made here, and holds no restore point, is removed again.
// The recovery key is handed out once.
import { readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { PlanId, VaultId } from '../../shared/model/ids.ts';
import type { KeepRules } from '../../shared/model/keep-rules.ts';
import type { Schedule } from '../../shared/model/schedule.ts';
import type { Protection } from '../../shared/model/setup.ts';
import { listPlans, removePlan } from '../plans/plan-files.ts';
import { completePlan } from './complete-plan.ts';
import { createVaultJob } from './create-vault-job.ts';
import type { Engine } from './engine.ts';
import { refusePlaceInSource } from './place-in-source.ts';
import { createPlan } from './plan-jobs.ts';
import { readPlanPassphrase } from './plan-passphrase.ts';
import type { JobContext } from './record-run.ts';
import { recoveryKitOf } from './recovery-kit.ts';
import { rememberSharePassword } from './remember-secret.ts';
import { makeVaultFolder } from './vault-folder-name.ts';

export interface ProtectRequest {
  readonly name: string;
  readonly sources: readonly string[];
  /** The folder that the person chose; the vault gets one below it. */
  readonly place: string;
  readonly schedule: Schedule;
  readonly keep: KeepRules;
  readonly secret:
    | { readonly kind: 'passphrase'; readonly passphrase: string }
    | { readonly kind: 'same-as'; readonly plan: PlanId };
  /** Stores the passphrase in the system's keychain. */
  readonly remember: boolean;
}

/** Throws plan-invalid, source-missing, place-missing, place-read-only, place-full, place-in-source, key-needed. */
export async function protectJob(
  engine: Engine,
  request: ProtectRequest,
  context: JobContext,
): Promise<Protection> {
  const draft = await draftOf(engine, request);
  await refusePlaceInSource(engine.places, request.place, request.sources);
  const { secret } = request;
  const passphrase =
    secret.kind === 'passphrase'
      ? secret.passphrase
      : await readPlanPassphrase(engine, secret.plan, context.signal);
  const made = await makeVaultFolder(engine, request.place, draft.name);
  let vaultId: VaultId | null = null;
  try {
    const { folder: place } = made;
    const vault = await createVaultJob(
      engine,
      { place, passphrase, remember: request.remember },
      context,
    );
    vaultId = vault.vaultId;
    const plan = await createPlan(engine, { ...draft, places: [place] }, context);
    await rememberSharePassword(engine, place);
    const kit = await recoveryKitOf(engine, plan, vault.recoveryKey);
    return { plan, kit, isRemembered: vault.isRemembered };
  } catch (error) {
    await takeBack(engine, made, vaultId);
    if (context.signal.aborted) throw new BackupError({ code: 'cancelled' }, error);
    throw error;
  }
}

type Draft = Pick<ProtectRequest, 'name' | 'schedule' | 'keep'> & {
  readonly sources: readonly { readonly path: string; readonly name: string }[];
};

/** What can be wrong with the plan is found before anything is made. */
async function draftOf(engine: Engine, request: ProtectRequest): Promise<Draft> {
  const { schedule, keep } = request;
  const draft = {
    name: request.name.trim(),
    schedule,
    keep,
    sources: nameSources(request.sources),
  };
  const setting = { places: new Map(), knownSources: [] };
  completePlan(engine, { ...draft, places: [request.place] }, setting);
  const host = await engine.host();
  for (const { path } of draft.sources) await host.inspect(path, 0);
  return draft;
}

/** Names are folders in a restore: each once, whatever its case. */
function nameSources(paths: readonly string[]): Draft['sources'] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const plain = basename(path)
      .replace(/\p{Cc}/gu, ' ')
      .replace(/[\\/]/gu, ' ')
      .trim();
    const base = plain === '' ? 'data' : plain.slice(0, 150);
    let name = base;
    for (let number = 2; taken.has(folded(name)); number += 1) name = `${base} (${number})`;
    taken.add(folded(name));
    return { path, name };
  });
}

const folded = (text: string): string => text.normalize('NFC').toLowerCase();

/** The failure on the way here is the one to tell; what cannot be removed now is an empty vault that nobody uses. */
async function takeBack(
  engine: Engine,
  made: Awaited<ReturnType<typeof makeVaultFolder>>,
  vaultId: VaultId | null,
): Promise<void> {
  try {
    // Where plans cannot even be listed there is none of this vault.
    if (vaultId !== null) await forgetVault(engine, vaultId).catch(() => undefined);
    await engine.places.use(made.folder, null, async (folder) => {
      if (await holdsPoints(folder)) return;
      await rm(folder, { recursive: true, force: true });
      if (made.isPlaceNew) await rmdir(dirname(folder));
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    engine.notify({ kind: 'left-behind', path: made.folder, detail });
  }
}

async function forgetVault(engine: Engine, vaultId: VaultId): Promise<void> {
  engine.vaults.forget(vaultId);
  await (await engine.secrets.store()).remove(vaultId);
  const { plans } = await listPlans(engine.dataFolder);
  for (const { plan } of plans) {
    const isOfVault = plan.places.some((place) => place.vaultId === vaultId);
    if (isOfVault) await removePlan(engine.dataFolder, plan.id);
  }
}

async function holdsPoints(vaultFolder: string): Promise<boolean> {
  const names = await readdir(join(vaultFolder, 'points')).catch(() => []);
  return names.length > 0;
}
