// Reasons why nothing may be removed for now, as far as they can be seen from here.
import type { PlanId, SourceId } from '../../shared/model/ids.ts';
import {
  compareSequence,
  type RestorePoint,
  type Sequence,
} from '../../shared/model/restore-point.ts';
import { AHEAD_TOLERANCE_MS, type Doubt } from '../../shared/model/retention.ts';
import { followRows, type CountedPoint } from '../../shared/model/table-losses.ts';
import type { Note } from '../engine/vault/notes.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { acknowledgedInNotes } from './acknowledgement-notes.ts';
import type { Engine } from './engine.ts';
import { listAllPlans } from './find-plan.ts';
import { readAcknowledgedUpTo } from './loss-acknowledgements.ts';
import { deletedInNotes } from './plan-notes.ts';
import { toCounted } from './to-counted.ts';

/** Clocks of one office differ by minutes; by more, one of them is wrong, and it may be ours. */
const CLOCKS_DIFFER_MS = 60 * 60_000;

export interface VaultFacts {
  /** All of the vault that can be read, oldest first. */
  readonly points: readonly RestorePoint[];
  readonly notes: readonly Note[];
}

export async function findDoubts(
  engine: Engine,
  vault: Vault,
  facts: VaultFacts,
): Promise<readonly Doubt[]> {
  return [
    ...(await findClockJump(vault, facts.points.at(-1))),
    ...((await hasOpenLoss(engine, facts)) ? (['anomaly'] as const) : []),
  ];
}

/** A clock that disagrees with the storage's, or runs behind the newest restore point, has jumped. */
async function findClockJump(
  vault: Vault,
  newest: RestorePoint | undefined,
): Promise<readonly Doubt[]> {
  const nowMs = vault.clock.nowMs();
  const storageMs = await vault.storage.clockMs();
  const isApart = Math.abs(nowMs - storageMs) > CLOCKS_DIFFER_MS;
  const isBehind = newest !== undefined && newest.takenAt.ms > nowMs + AHEAD_TOLERANCE_MS;
  return isApart || isBehind ? ['clock-jump'] : [];
}

/**
 * Rows went, and nobody has said yet that they were meant to: what the rules would drop may be the last copy with them.
 * Told by what lies in the vault, for its plans may be another computer's. Data that no plan speaks for is left out:
 * nobody could ever say that it was meant.
 */
async function hasOpenLoss(engine: Engine, { points, notes }: VaultFacts): Promise<boolean> {
  // Once for all sources: a vault may hold ten thousand points.
  const counted = points.map((point) => ({ point, rows: toCounted(point, null) }));
  for (const [source, plans] of await findSpokenFor(engine, points, notes)) {
    const acknowledged = await readHighest(engine, plans, acknowledgedInNotes(notes));
    const own = counted.map(({ point, rows }) => ({
      ...ofSource(rows, source),
      isAcknowledged: acknowledged !== null && compareSequence(point, acknowledged) <= 0,
    }));
    const rows = followRows(own.filter(({ sources }) => sources.length > 0));
    if ((rows.at(-1)?.losses.length ?? 0) > 0) return true;
  }
  return false;
}

/** For each source the plans that back it up or did; only those that one backs up which nobody deleted. */
async function findSpokenFor(
  engine: Engine,
  points: readonly RestorePoint[],
  notes: readonly Note[],
): Promise<ReadonlyMap<SourceId, ReadonlySet<PlanId>>> {
  const plansOf = new Map<SourceId, Set<PlanId>>();
  const add = (source: SourceId, plan: PlanId): void => {
    plansOf.set(source, (plansOf.get(source) ?? new Set()).add(plan));
  };
  const own = await listAllPlans(engine);
  for (const { id, sources } of own) for (const source of sources) add(source.id, id);
  for (const { planId, sources } of points) {
    if (planId !== null) for (const { id } of sources) add(id, planId);
  }
  const deleted = deletedInNotes(notes);
  const isAlive = (plan: PlanId): boolean =>
    !deleted.has(plan) || own.some(({ id }) => id === plan);
  return new Map([...plansOf].filter(([, plans]) => [...plans].some(isAlive)));
}

async function readHighest(
  engine: Engine,
  plans: ReadonlySet<PlanId>,
  noted: ReadonlyMap<PlanId, Sequence>,
): Promise<Sequence | null> {
  const all: Sequence[] = [];
  for (const plan of plans) {
    const here = await readAcknowledgedUpTo(engine, plan);
    for (const upTo of [here, noted.get(plan)]) if (upTo) all.push(upTo);
  }
  return all.toSorted(compareSequence).at(-1) ?? null;
}

const ofSource = (point: CountedPoint, source: SourceId): CountedPoint => ({
  ...point,
  sources: point.sources.filter(({ id }) => id === source),
});
