// For which plans somebody has said that rows which went were meant to go, and up to which restore point.
// Losing the file brings a warning back, nothing else.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isHexId, type PlanId } from '../../shared/model/ids.ts';
import { compareSequence, type Sequence } from '../../shared/model/restore-point.ts';
import { writeDurably } from '../plans/durable-file.ts';
import type { Engine } from './engine.ts';
import { inTurn } from './in-turn.ts';

const schema = z.record(
  z.string().refine(isHexId),
  // Not the point's id: the keep rules may remove it.
  z.object({ epoch: z.int().min(0), counter: z.int().min(0) }),
);
type Acknowledgements = Readonly<Record<string, Sequence>>;

/** Null: nothing was acknowledged. */
export async function readAcknowledgedUpTo(engine: Engine, plan: PlanId): Promise<Sequence | null> {
  return (await readAll(engine))[plan] ?? null;
}

/** Never takes an acknowledgement of a later point back. Throws when it cannot be kept. */
export async function acknowledgeUpTo(
  engine: Engine,
  plan: PlanId,
  { epoch, counter }: Sequence,
): Promise<void> {
  await inTurn(fileOf(engine), async () => {
    const all = await readAll(engine);
    const known = all[plan];
    if (known !== undefined && compareSequence(known, { epoch, counter }) >= 0) return;
    await mkdir(engine.dataFolder, { recursive: true, mode: 0o700 });
    const next: Acknowledgements = { ...all, [plan]: { epoch, counter } };
    await writeDurably(fileOf(engine), `${JSON.stringify(next, null, 2)}\n`);
  });
}

async function readAll(engine: Engine): Promise<Acknowledgements> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(engine), 'utf8')));
  } catch {
    return {}; // not there or not ours: unacknowledged, which is the safe answer
  }
}

const fileOf = (engine: Engine): string => join(engine.dataFolder, 'acknowledged-losses.json');
