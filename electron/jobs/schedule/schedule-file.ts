// What the scheduler must not forget: one small file in the data folder, replaced durably at each change.
// Promise: what cannot be read counts as never seen, plan by plan; a disk that is full stops no backup.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isHexId } from '../../../shared/model/ids.ts';
import { writeDurably } from '../../plans/durable-file.ts';
import { emptyMemory, planMemorySchema, type PlanMemory } from './plan-memory.ts';

export interface ScheduleMemory {
  /** By a plan's id, or the key of one of its units. */
  of(key: string): PlanMemory;
  /** Known at once, and durable when it resolves. Null: the plan is gone, with all its units. */
  store(key: string, memory: PlanMemory | null): Promise<void>;
}

const fileSchema = z.object({ version: z.literal(1), plans: z.record(z.string(), z.unknown()) });

/** The memory of earlier starts. */
export async function openScheduleFile(dataFolder: string): Promise<ScheduleMemory> {
  const path = join(dataFolder, 'schedule.json');
  const plans = parseScheduleFile(await readFile(path, 'utf8').catch(() => ''));
  const write = async (): Promise<void> => {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ version: 1, plans: Object.fromEntries(plans) }, null, 2);
    await writeDurably(path, `${text}\n`);
  };
  let last: Promise<void> = Promise.resolve();
  return {
    of: (key) => plans.get(key) ?? emptyMemory,
    async store(key, memory) {
      if (memory === null) forget(plans, key);
      else plans.set(key, memory);
      // It goes on from what it knows; the history tells the rest after a restart.
      last = last.then(write).catch(() => undefined);
      return last;
    },
  };
}

function forget(plans: Map<string, PlanMemory>, plan: string): void {
  for (const key of plans.keys()) {
    if (key === plan || key.startsWith(`${plan}/`)) plans.delete(key);
  }
}

function parseScheduleFile(text: string): Map<string, PlanMemory> {
  const found = new Map<string, PlanMemory>();
  for (const [key, value] of Object.entries(plansIn(text))) {
    const parsed = planMemorySchema.safeParse(value);
    const [id = ''] = key.split('/');
    if (isHexId(id) && parsed.success) found.set(key, parsed.data);
  }
  return found;
}

function plansIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return fileSchema.parse(JSON.parse(text)).plans;
  } catch {
    return {};
  }
}
