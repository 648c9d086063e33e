// Plans by what a person calls them.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { listPlans } from '../plans/plan-files.ts';
import type { Engine } from './engine.ts';

/** All plans; what was wrong with a file is said. */
export async function listAllPlans(engine: Engine): Promise<readonly Plan[]> {
  const { plans, unreadable } = await listPlans(engine.dataFolder);
  for (const { id, detail } of unreadable) {
    engine.notify({ kind: 'plan-unreadable', plan: id, detail });
  }
  for (const { plan, previousUsedBecause: detail } of plans) {
    if (detail !== null) engine.notify({ kind: 'plan-previous-used', plan: plan.name, detail });
  }
  return plans.map(({ plan }) => plan);
}

/** By id, its beginning, or name. Throws plan-missing, also when several answer to it. */
export async function findPlan(engine: Engine, wanted: string): Promise<Plan> {
  const plans = await listAllPlans(engine);
  const lower = wanted.toLowerCase();
  const byName = plans.filter(({ name }) => name === wanted);
  const byId = /^[0-9a-f]{4,32}$/u.test(lower)
    ? plans.filter(({ id }) => id.startsWith(lower))
    : [];
  const [match, ...others] = byName.length > 0 ? byName : byId;
  if (match === undefined || others.length > 0) {
    throw new BackupError({ code: 'plan-missing', plan: wanted });
  }
  return match;
}
