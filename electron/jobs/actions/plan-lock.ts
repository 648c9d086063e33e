// A plan's turn for its commands, among all processes of this computer: around a backup with its commands, and while a
// command that a dead process owes is made up for.
import { mkdir } from 'node:fs/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { PlanId } from '../../../shared/model/ids.ts';
import { takeProcessLock } from '../../platform/process-lock.ts';
import type { Engine } from '../engine.ts';
import { actionFile, actionsFolder } from './action-files.ts';

/** Making up for an owed command mostly takes less; a backup takes more, and is not waited for. */
const LONGEST_WAIT_MS = 30_000;
const LOOK_EVERY_MS = 200;

/** Null: somebody else has it. */
export async function tryPlanLock(engine: Engine, plan: PlanId): Promise<Disposable | null> {
  await mkdir(actionsFolder(engine), { recursive: true, mode: 0o700 });
  return takeProcessLock(actionFile(engine, plan, 'lock'));
}

/** Waits a little; throws vault-busy when somebody else keeps it. */
export async function takePlanLock(
  engine: Engine,
  { plan, place }: { readonly plan: PlanId; readonly place: string },
  signal: AbortSignal,
): Promise<Disposable> {
  for (let waitedMs = 0; waitedMs <= LONGEST_WAIT_MS; waitedMs += LOOK_EVERY_MS) {
    const lock = await tryPlanLock(engine, plan);
    if (lock !== null) return lock;
    await engine.clock.sleep(LOOK_EVERY_MS, signal);
  }
  const owner = `Holdfast on ${engine.owner.host}`;
  throw new BackupError({ code: 'vault-busy', place, owner });
}
