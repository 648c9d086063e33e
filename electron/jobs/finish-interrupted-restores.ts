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
import { withinTime } from './within-time.ts';

/** A folder that does not answer by then is on a share or disk that is gone; what needs it waits no better. */
const LONGEST_TIDYING_MS = 30_000;
/** Each takes one of the few threads that read files for as long as it hangs. */
const MOST_HANGING = 2;

/**
 * Around these files. A folder that cannot be looked into, or that does not answer, is left to whoever needs what is in
 * it: a restore tidies up around its target again before it begins.
 */
export async function finishInterruptedRestores(
  engine: Engine,
  files: readonly string[],
): Promise<void> {
  const { clock, owner } = engine;
  const host = await engine.host();
  let hanging = 0;
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    if (hanging === MOST_HANGING) return;
    const work = tidyFolder({ host, clock, owner }, folder).catch(() => null);
    const swaps = await withinTime(LONGEST_TIDYING_MS, work, 'hangs' as const);
    if (swaps === 'hangs') {
      hanging += 1;
      continue;
    }
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
    await withinTime(LONGEST_TIDYING_MS, tidyRestoredFolder(engine, target), undefined);
  }
  // Copies that were being looked into; there may never have been any.
  await removeDeadScratch(scratchPlaceOf(engine), engine.owner, new Set()).catch(() => undefined);
}

async function tidyRestoredFolder({ owner }: Engine, folder: string): Promise<void> {
  if (!(await lstat(folder).catch(() => null))?.isDirectory()) return;
  await removeDeadScratchBelow(folder, owner).catch(() => undefined);
}
