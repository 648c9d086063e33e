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
import { createVaultJob, type CreatedVaultReport } from './create-vault-job.ts';
import type { Engine } from './engine.ts';
import { refusePlaceInSource } from './place-in-source.ts';
import { createPlan } from './plan-jobs.ts';
import { readPlanPassphrase } from './plan-passphrase.ts';
import type { JobContext } from './record-run.ts';
import { recoveryKitOf } from './recovery-kit.ts';
import { rememberSharePassword } from './remember-secret.ts';
import { makeVaultFolder } from './vault-folder-name.ts';
import { volumeOfPlace } from './volume-of-place.ts';

export interface ProtectRequest {
  readonly name: string;
  readonly sources: readonly string[];
  /** The folder that the person chose; the vault gets one below it. */
  readonly place: string;
  /** Further folders, each with a copy of its own. All must be there now: each copy is begun. */
  readonly furtherPlaces?: readonly string[] | undefined;
  /** All places take turns, as a set of this name. */
  readonly set?: string | undefined;
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
  const chosen = [request.place, ...(request.furtherPlaces ?? [])];
  for (const place of chosen) await refusePlaceInSource(engine.places, place, request.sources);
  const { secret } = request;
  const passphrase =
    secret.kind === 'passphrase'
      ? secret.passphrase
      : await readPlanPassphrase(engine, secret.plan, context.signal);
  const begun: Begun[] = [];
  try {
    for (const place of chosen) {
      await beginCopy(engine, { ...request, place, passphrase, plan: draft.name }, begun, context);
    }
    const [first] = begun;
    if (first?.vault === undefined) throw new BackupError({ code: 'cancelled' });
    const places = await describePlaces(begun, request.set);
    const plan = await createPlan(engine, { ...draft, places }, context);
    for (const { made } of begun) await rememberSharePassword(engine, made.folder);
    const kit = await recoveryKitOf(engine, plan, first.vault.recoveryKey);
    const isRemembered = begun.every(({ vault }) => vault?.isRemembered === true);
    return { plan, kit, isRemembered };
  } catch (error) {
    for (const { made, vault } of begun) await takeBack(engine, made, vault?.vaultId ?? null);
    if (context.signal.aborted) throw new BackupError({ code: 'cancelled' }, error);
    throw error;
  }
}

interface Begun {
  readonly made: Awaited<ReturnType<typeof makeVaultFolder>>;
  vault?: CreatedVaultReport;
}

/** Each folder is on the list before anything is in it, so that it is taken back. One recovery key opens all. */
async function beginCopy(
  engine: Engine,
  {
    place,
    passphrase,
    remember,
    plan,
  }: Pick<ProtectRequest, 'place' | 'remember'> & {
    readonly passphrase: string;
    readonly plan: string;
  },
  begun: Begun[],
  context: JobContext,
): Promise<void> {
  const [first] = begun;
  const own: Begun = { made: await makeVaultFolder(engine, place, plan) };
  begun.push(own);
  const recoveryKey = first?.vault === undefined ? {} : { recoveryKey: first.vault.recoveryKey };
  const request = { place: own.made.folder, passphrase, remember, ...recoveryKey };
  own.vault = await createVaultJob(engine, request, context);
}

/** One place needs no name; several go by those of their volumes, each once. */
async function describePlaces(
  begun: readonly Begun[],
  set: string | undefined,
): Promise<readonly object[]> {
  const taken = new Set<string>();
  const places: object[] = [];
  for (const { made } of begun) {
    const path = made.folder;
    const label = begun.length === 1 ? null : ((await volumeOfPlace(path))?.label ?? null);
    const name = label === null ? null : freeName(label.trim().slice(0, 50), taken);
    const named = name === null || name === '' ? {} : { name };
    places.push({ path, ...named, ...(set === undefined || begun.length === 1 ? {} : { set }) });
  }
  return places;
}

function freeName(base: string, taken: Set<string>): string {
  let name = base;
  for (let number = 2; taken.has(folded(name)); number += 1) name = `${base} ${number}`;
  taken.add(folded(name));
  return name;
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
  const places = [request.place, ...(request.furtherPlaces ?? [])];
  completePlan(engine, { ...draft, places }, setting);
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
