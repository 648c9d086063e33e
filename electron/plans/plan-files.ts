// Plans as files: one JSON file each in the data folder, with the version before it kept beside as `.previous`.
// Promise: a damaged file never hides a plan that can still be read, and what was used instead is said. No secrets:
// only the plan's own fields are written and accepted.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import { isHexId, type PlanId } from '../../shared/model/ids.ts';
import { parsePlan, type Plan } from '../../shared/model/plan.ts';
import { syncFolder, writeDurably } from './durable-file.ts';

/** A plan as it was found. */
export interface StoredPlan {
  readonly plan: Plan;
  /** Why the newest file could not be used and the version before it was; null when all is well. */
  readonly previousUsedBecause: string | null;
}

export interface StoredPlans {
  /** By name, then id. */
  readonly plans: readonly StoredPlan[];
  /** Plans of which neither version can be read. */
  readonly unreadable: readonly { readonly id: PlanId; readonly detail: string }[];
}

/** All plans in the data folder. */
export async function listPlans(dataFolder: string): Promise<StoredPlans> {
  const plans: StoredPlan[] = [];
  const unreadable: { id: PlanId; detail: string }[] = [];
  for (const id of await planIds(dataFolder)) {
    try {
      plans.push(await readPlan(dataFolder, id));
    } catch (error) {
      const failure = failureOf(error);
      unreadable.push({ id, detail: 'detail' in failure ? failure.detail : failure.code });
    }
  }
  plans.sort((a, b) => compare(a.plan.name, b.plan.name) || compare(a.plan.id, b.plan.id));
  return { plans, unreadable };
}

/** One plan; throws `plan-missing` when there is none, `plan-invalid` when neither version can be used. */
export async function readPlan(dataFolder: string, id: PlanId): Promise<StoredPlan> {
  const current = await readVersion(currentFile(dataFolder, id), id);
  if (current.kind === 'good') return { plan: current.plan, previousUsedBecause: null };
  const previous = await readVersion(previousFile(dataFolder, id), id);
  if (previous.kind === 'good') return { plan: previous.plan, previousUsedBecause: current.detail };
  if (current.kind === 'absent' && previous.kind === 'absent') {
    throw new BackupError({ code: 'plan-missing', plan: id });
  }
  throw new BackupError({ code: 'plan-invalid', plan: id, detail: current.detail });
}

/** Stores the plan durably; the version before becomes `.previous`. Throws `plan-invalid` for a plan that could not be read back. */
export async function writePlan(dataFolder: string, plan: Plan): Promise<void> {
  const text = encodePlan(parsePlan(plan));
  await mkdir(planFolder(dataFolder), { recursive: true, mode: 0o700 });
  const current = await readVersion(currentFile(dataFolder, plan.id), plan.id);
  // A damaged file must not replace the good version before it.
  if (current.kind === 'good') {
    await writeDurably(previousFile(dataFolder, plan.id), encodePlan(current.plan));
  }
  await writeDurably(currentFile(dataFolder, plan.id), text);
}

/** Removes the plan and its previous version; copies at its places stay. Throws `plan-missing` when there is none. */
export async function removePlan(dataFolder: string, id: PlanId): Promise<void> {
  const names = await planFileNames(dataFolder);
  const own = names.filter((name) => name.startsWith(`${id}.json`));
  if (own.length === 0) throw new BackupError({ code: 'plan-missing', plan: id });
  // The current file last: a crash in between leaves the plan, not an old version of it.
  own.sort((a, b) => b.length - a.length);
  for (const name of own) await rm(join(planFolder(dataFolder), name), { force: true });
  await syncFolder(planFolder(dataFolder));
}

type Version =
  | { readonly kind: 'good'; readonly plan: Plan }
  | { readonly kind: 'absent' | 'bad'; readonly detail: string };

async function readVersion(file: string, id: PlanId): Promise<Version> {
  try {
    const plan = parsePlan(JSON.parse(await readFile(file, 'utf8')));
    if (plan.id === id) return { kind: 'good', plan };
    return { kind: 'bad', detail: `holds another plan (${plan.id})` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { kind: 'absent', detail: 'the file is missing' };
    }
    const failure = failureOf(error);
    return { kind: 'bad', detail: 'detail' in failure ? failure.detail : failure.code };
  }
}

async function planIds(dataFolder: string): Promise<PlanId[]> {
  const ids = (await planFileNames(dataFolder))
    .filter((name) => name.endsWith('.json') || name.endsWith('.json.previous'))
    .map((name) => name.split('.')[0] ?? '')
    .filter(isHexId);
  return [...new Set(ids)].map((id) => id as PlanId);
}

async function planFileNames(dataFolder: string): Promise<string[]> {
  try {
    return await readdir(planFolder(dataFolder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const planFolder = (dataFolder: string): string => join(dataFolder, 'plans');
const currentFile = (dataFolder: string, id: PlanId): string =>
  join(planFolder(dataFolder), `${id}.json`);
const previousFile = (dataFolder: string, id: PlanId): string =>
  `${currentFile(dataFolder, id)}.previous`;
const encodePlan = (plan: Plan): string => `${JSON.stringify(plan, null, 2)}\n`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
