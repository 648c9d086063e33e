// The command after a backup, while it is owed: written before the command before it is started, removed when it has ended.
// Promise: whoever finds it and has the plan's lock owes it, for then its writer is gone.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { isHexId, type PlanId, type RunId } from '../../../shared/model/ids.ts';
import { syncFolder, writeDurably } from '../../plans/durable-file.ts';
import type { Engine } from '../engine.ts';
import { actionFile, actionsFolder } from './action-files.ts';

const hexId = <T extends string>() =>
  z
    .string()
    .refine(isHexId)
    .transform((text) => text as T);

const owedSchema = z.object({
  version: z.literal(1),
  run: hexId<RunId>(),
  planId: hexId<PlanId>(),
  planName: z.string(),
  command: z.array(z.string()).min(1),
  timeLimitMs: z.number(),
  /** Of the command before, once it was started. */
  beforePid: z.number().nullable(),
});

export type OwedAfter = Readonly<z.infer<typeof owedSchema>>;

type Local = Pick<Engine, 'dataFolder'>;

/** Returns when it is durable. */
export async function writeOwed(engine: Local, owed: OwedAfter): Promise<void> {
  await mkdir(actionsFolder(engine), { recursive: true, mode: 0o700 });
  await writeDurably(actionFile(engine, owed.planId, 'owed'), `${JSON.stringify(owed)}\n`);
}

/** Null: nothing is owed. */
export async function readOwed(engine: Local, plan: PlanId): Promise<OwedAfter | null> {
  try {
    return owedSchema.parse(JSON.parse(await readFile(actionFile(engine, plan, 'owed'), 'utf8')));
  } catch {
    return null; // not there, or a damaged disk: it was written in one piece
  }
}

export async function removeOwed(engine: Local, plan: PlanId): Promise<void> {
  await rm(actionFile(engine, plan, 'owed'), { force: true });
  await syncFolder(actionsFolder(engine));
}

/** Plans whose command after a backup is owed, by this process or another. */
export async function listOwed(engine: Local): Promise<readonly PlanId[]> {
  const names = await readdir(actionsFolder(engine)).catch(() => []);
  return names
    .filter((name) => name.endsWith('.owed'))
    .map((name) => name.slice(0, -'.owed'.length))
    .filter((id) => isHexId(id))
    .map((id) => id as PlanId);
}
