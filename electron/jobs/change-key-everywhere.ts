// A new passphrase or recovery key for all copies of a plan. Promise: nothing is changed unless every place is there, for
// a disk in a drawer would keep the old key, and nobody would know which paper opens it. Once the first place is changed the
// caller gets the new secret: a place that fails after that is named, and the same change again makes up for it.
import { BackupError, failureOf, hasCode } from '../../shared/model/backup-error.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { Place } from '../../shared/model/place.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { VaultSecret } from '../engine/crypto/key-header.ts';
import type { Engine } from './engine.ts';
import { keyJob, type KeyJobRequest, type KeyReport } from './key-job.ts';
import { dropKitConfirmation } from './kit-confirmations.ts';
import { locateVault } from './locate-vault.ts';
import { planAt } from './plan-at.ts';
import type { JobContext } from './record-run.ts';
import { proveSecret, vaultOfPlan } from './unlock-job.ts';

interface KeyChangeWish {
  readonly plan: Plan;
  readonly change: KeyJobRequest['change'];
  readonly current: VaultSecret;
}

export interface EverywhereReport extends KeyReport {
  /** Where the old secret is still the one that opens. */
  readonly left: readonly Place[];
}

/** The report of the first place; all have the same key. Throws what `keyJob` throws when nothing was changed. */
export async function changeKeyEverywhere(
  engine: Engine,
  wish: KeyChangeWish,
  context: JobContext,
): Promise<EverywhereReport> {
  const { plan, change, current } = wish;
  const done = plan.places.length > 1 ? await seeAll(engine, wish, context.signal) : [];
  let first: KeyReport | null = null;
  const failed: { readonly place: Place; readonly failure: Failure }[] = [];
  for (const place of plan.places.filter((each) => !done.includes(each))) {
    try {
      const request = {
        place: place.path,
        expectedVault: place.vaultId,
        planId: plan.id,
        change: sameAs(first, change),
        current,
      };
      const report = await keyJob(engine, request, context);
      first ??= report;
    } catch (error) {
      if (first === null && done.length === 0) throw error;
      failed.push({ place, failure: failureOf(error) });
    }
  }
  const [{ failure } = { failure: null }] = failed;
  if (first === null && failure !== null) throw new BackupError(failure);
  if (failure !== null) await sayLeft(engine, wish, failed);
  const report = first ?? (await reportDone(engine, plan));
  return { ...report, left: failed.map(({ place }) => place) };
}

/** What was made at the first place is the same at the others. */
function sameAs(first: KeyReport | null, change: KeyJobRequest['change']): KeyJobRequest['change'] {
  const recoveryKey = first?.recoveryKey ?? null;
  return change.kind === 'recovery-key' && recoveryKey !== null
    ? { ...change, recoveryKey }
    : change;
}

/** Throws unless all are there; gives those that an earlier change, which failed at others, has reached. */
async function seeAll(
  engine: Engine,
  { plan, change }: KeyChangeWish,
  signal: AbortSignal,
): Promise<readonly Place[]> {
  for (const { path, vaultId } of plan.places) await locateVault(path, engine, vaultId, signal);
  if (change.kind !== 'passphrase') return [];
  const secret = { kind: 'passphrase', passphrase: await change.newPassphrase() } as const;
  const done: Place[] = [];
  for (const place of plan.places) {
    const isOpened = await proveSecret(engine, planAt(plan, place), secret, signal).then(
      () => true,
      (error: unknown) => {
        if (hasCode(error, 'key-wrong')) return false;
        throw error;
      },
    );
    if (isOpened) done.push(place);
  }
  return done;
}

/** A notice, and a recovery key that counts as not confirmed: whoever has a new paper throws the old one away. */
async function sayLeft(
  engine: Engine,
  { plan, change }: KeyChangeWish,
  failed: readonly { readonly place: Place; readonly failure: Failure }[],
): Promise<void> {
  for (const { place, failure } of failed) {
    const at = { plan: plan.name, place: place.name ?? place.path };
    engine.notify({ kind: 'key-left-behind', ...at, secret: change.kind, failure });
    if (change.kind === 'recovery-key' && place.vaultId !== null) {
      await dropKitConfirmation(engine, place.vaultId).catch(() => undefined);
    }
  }
}

/** All places had it before. */
async function reportDone(engine: Engine, plan: Plan): Promise<KeyReport> {
  const { vaultId } = vaultOfPlan(plan);
  const { kind } = await (await engine.secrets.store()).peek(vaultId);
  return { vaultId, isRemembered: kind === 'found', recoveryKey: null };
}
