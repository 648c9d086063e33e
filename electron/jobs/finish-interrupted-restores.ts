// What a crash left half done beside CRM data is finished before anything else looks at it.
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tidyFolder } from '../engine/restore/restore-in-place.ts';
import { removeDeadScratch, removeDeadScratchBelow } from '../engine/restore/scratch-file.ts';
import { readRun } from '../history/runs.ts';
import { listOpenUndos } from '../history/undo-records.ts';
import type { Engine } from './engine.ts';
import { listAllPlans } from './find-plan.ts';
import { scratchPlaceOf } from './scratch-place.ts';

/** Around these files. A folder that cannot be looked into is left to whoever needs what is in it. */
export async function finishInterruptedRestores(
  engine: Engine,
  files: readonly string[],
): Promise<void> {
  const { clock, owner } = engine;
  const host = await engine.host();
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const swaps = await tidyFolder({ host, clock, owner }, folder).catch(() => null);
    for (const target of swaps?.finished ?? []) engine.notify({ kind: 'restore-finished', target });
    for (const target of swaps?.waiting ?? []) engine.notify({ kind: 'restore-waiting', target });
  }
}

/** At the start of a process that stays: around all that plans protect and that was restored lately. */
export async function finishAllInterruptedRestores(engine: Engine): Promise<void> {
  const undos = listOpenUndos(engine.history(), engine.clock.nowMs());
  const plans = await listAllPlans(engine).catch((error: unknown) => {
    engine.notify({ kind: 'plan-unreadable', plan: '*', detail: String(error) });
    return [];
  });
  const sources = plans.flatMap((plan) => plan.sources.map(({ path }) => path));
  const files = [...undos.map(({ target }) => target), ...sources];
  if (files.length > 0) await finishInterruptedRestores(engine, files);
  // Of a folder each file is the old one or the restored one, and undoing or doing it again is the user's choice.
  for (const { run, target } of undos) {
    if (readRun(engine.history(), run)?.state !== 'interrupted') continue;
    if (!(await lstat(target).catch(() => null))?.isDirectory()) continue;
    await removeDeadScratchBelow(target, engine.owner).catch(() => undefined);
  }
  // Copies that were being looked into; there may never have been any.
  await removeDeadScratch(scratchPlaceOf(engine), engine.owner, new Set()).catch(() => undefined);
}
