// Where a plan's commands keep what has to outlive a process, in the data folder.
import { join } from 'node:path';
import type { PlanId } from '../../../shared/model/ids.ts';
import type { Engine } from '../engine.ts';

/**
 * `agreed`: what somebody agreed to here. `owed`: the command after a backup that has to be run. `lock`: held around a
 * backup and its commands. `before`, `after`: what such a command puts out.
 */
export type ActionFile = 'agreed' | 'owed' | 'lock' | 'before' | 'after';

export function actionsFolder({ dataFolder }: Pick<Engine, 'dataFolder'>): string {
  return join(dataFolder, 'actions');
}

export function actionFile(
  engine: Pick<Engine, 'dataFolder'>,
  plan: PlanId,
  which: ActionFile,
): string {
  return join(actionsFolder(engine), `${plan}.${which}`);
}
