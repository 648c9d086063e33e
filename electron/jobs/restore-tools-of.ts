// The engine as restores take it.
import type { RestoreTools } from '../engine/restore/restore-tools.ts';
import type { Engine } from './engine.ts';
import type { JobContext } from './record-run.ts';

/** Starts the source host if need be. */
export async function restoreToolsOf(
  engine: Engine,
  { signal, onProgress }: JobContext,
): Promise<RestoreTools> {
  const { clock, random, pool, owner } = engine;
  const host = await engine.host();
  return { clock, random, pool, owner, host, onProgress, signal, report: engine.vaults.report };
}
