// On this computer: for which vaults somebody has shown to have the recovery key, by opening the vault with it.
// Losing the file costs a question, nothing else.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isHexId, type VaultId } from '../../shared/model/ids.ts';
import { writeDurably } from '../plans/durable-file.ts';
import type { Engine } from './engine.ts';
import { inTurn } from './in-turn.ts';

const schema = z.record(z.string().refine(isHexId), z.int().min(0));

/** When it was shown last; null when never. */
export async function readKitConfirmation(
  engine: Engine,
  vaultId: VaultId,
): Promise<number | null> {
  return (await readAll(engine))[vaultId] ?? null;
}

/** It was shown now. */
export async function confirmKit(engine: Engine, vaultId: VaultId): Promise<void> {
  await inTurn(fileOf(engine), async () => {
    const all = { ...(await readAll(engine)), [vaultId]: engine.clock.nowMs() };
    await mkdir(engine.dataFolder, { recursive: true, mode: 0o700 });
    await writeDurably(fileOf(engine), `${JSON.stringify(all, null, 2)}\n`);
  });
}

/** After a new recovery key was made: the one that was shown opens nothing any more. */
export async function dropKitConfirmation(engine: Engine, vaultId: VaultId): Promise<void> {
  await inTurn(fileOf(engine), async () => {
    const { [vaultId]: known, ...others } = await readAll(engine);
    if (known === undefined) return;
    await writeDurably(fileOf(engine), `${JSON.stringify(others, null, 2)}\n`);
  });
}

async function readAll(engine: Engine): Promise<Readonly<Record<string, number>>> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(engine), 'utf8')));
  } catch {
    return {}; // not there or not ours: unconfirmed, which is the safe answer
  }
}

const fileOf = (engine: Engine): string => join(engine.dataFolder, 'recovery-kits.json');
