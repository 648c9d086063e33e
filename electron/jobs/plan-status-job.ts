// The light of each plan: facts from the history and this computer, judged by the one pure function. Opens no vault.
import { join } from 'node:path';
import type { SourceId, VaultId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { PairFacts, PlaceFacts, PlanFacts } from '../../shared/model/plan-facts.ts';
import { planStatus } from '../../shared/model/plan-status.ts';
import type { PlanStatus } from '../../shared/model/status-reason.ts';
import type { Run } from '../../shared/model/run.ts';
import { MARKER_NAME } from '../engine/format/object-names.ts';
import { readOtherDisk, recordOtherDisk } from '../history/disk-records.ts';
import { readPairEvidence, readSighting } from '../history/evidence.ts';
import type { History } from '../history/open-history.ts';
import { listRuns } from '../history/runs.ts';
import type { Engine } from './engine.ts';
import { sightPlace } from './is-here.ts';
import { readKitConfirmation } from './kit-confirmations.ts';
import { isOnOtherDisk } from './is-on-other-disk.ts';
import { recordSeen } from './sight-vault.ts';

export interface PlanReport {
  readonly plan: Plan;
  readonly status: PlanStatus;
  readonly lastRun: Run | null;
  readonly facts: PlanFacts;
  /** Paths of places where the right vault is now. */
  readonly placesHere: ReadonlySet<string>;
  /** Path of such a place -> where its vault was found. */
  readonly foundAt: ReadonlyMap<string, string>;
}

/** Looks at each place first, so that a vault that is there counts as seen. */
export async function reportPlan(engine: Engine, plan: Plan): Promise<PlanReport> {
  const history = engine.history();
  const foundAt = await sightPlaces(engine, plan);
  const facts: PlanFacts = {
    pairs: await collectPairs(engine, plan, foundAt),
    places: plan.places.map(({ path, vaultId }): PlaceFacts => ({
      place: path,
      seen: vaultId === null ? null : readSighting(history, vaultId),
    })),
    kitConfirmedAtMs: await readConfirmation(engine, plan),
    keyStore: await readKeyStore(engine, plan),
    runningSinceMs:
      listRuns(history, { planId: plan.id, state: 'running', kind: 'backup', limit: 1 })
        .map((run) => run.startedAtMs)
        .at(0) ?? null,
  };
  const status = planStatus(plan, facts, engine.clock.nowMs());
  const lastRun = listRuns(history, { planId: plan.id, limit: 1 }).at(0) ?? null;
  return { plan, status, lastRun, facts, placesHere: new Set(foundAt.keys()), foundAt };
}

async function sightPlaces(engine: Engine, plan: Plan): Promise<ReadonlyMap<string, string>> {
  const foundAt = new Map<string, string>();
  for (const place of plan.places) {
    // Away or another one: then it was not seen, which the facts say.
    const located = await sightPlace(engine, place);
    if (located === null) continue;
    foundAt.set(place.path, located.place);
    await recordSeen(engine, located);
  }
  return foundAt;
}

async function collectPairs(
  engine: Engine,
  plan: Plan,
  foundAt: ReadonlyMap<string, string>,
): Promise<readonly PairFacts[]> {
  const history = engine.history();
  const pairs: PairFacts[] = [];
  for (const { id: source, path } of plan.sources) {
    for (const { path: place, vaultId } of plan.places) {
      const evidence =
        vaultId === null
          ? { copies: [], drills: [], damage: [] }
          : readPairEvidence(history, vaultId, source);
      const found = foundAt.get(place);
      const seen = found === undefined ? 'away' : await seeDisks(engine, path, found);
      const isOther = rememberDisk(history, vaultId, source, seen);
      pairs.push({ source, place, ...evidence, isOnOtherDisk: isOther });
    }
  }
  return pairs;
}

/** Judged by a file of the vault: unplugged meanwhile, the folder left behind lies on the system's own disk. */
async function seeDisks(
  engine: Engine,
  source: string,
  place: string,
): Promise<boolean | null | 'away'> {
  const folder = await engine.places.sight(place);
  return folder === null ? 'away' : isOnOtherDisk(source, join(folder, MARKER_NAME));
}

/** A disk that is away is still the disk that it was. */
function rememberDisk(
  history: History,
  vaultId: VaultId | null,
  source: SourceId,
  seen: boolean | null | 'away',
): boolean | null {
  if (vaultId === null) return seen === 'away' ? null : seen;
  if (seen === 'away') return readOtherDisk(history, vaultId, source);
  recordOtherDisk(history, vaultId, source, seen);
  return seen;
}

/** The oldest of the plan's vaults; null when one of them lacks it. */
async function readConfirmation(engine: Engine, plan: Plan): Promise<number | null> {
  const times: (number | null)[] = [];
  for (const { vaultId } of plan.places) {
    times.push(vaultId === null ? null : await readKitConfirmation(engine, vaultId));
  }
  const known = times.filter((time) => time !== null);
  return known.length === times.length && known.length > 0 ? Math.min(...known) : null;
}

async function readKeyStore(engine: Engine, plan: Plan): Promise<PlanFacts['keyStore']> {
  // A secret that comes with the command comes with the scheduled one too.
  if ((await engine.secrets.given()) !== null) return 'not-used';
  const store = await engine.secrets.store();
  for (const { vaultId } of plan.places) {
    if (vaultId === null) return 'unknown';
    const answer = await store.peek(vaultId);
    if (answer.kind === 'unavailable') return 'unknown';
    if (answer.kind === 'missing-or-locked') return 'locked';
  }
  return 'open';
}
