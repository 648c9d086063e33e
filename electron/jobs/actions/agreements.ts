// Which commands of a plan somebody at this computer has agreed to. A vault may come from anywhere: what it says is run
// only after a person here has read it.
// Promise: the agreement lies on this computer alone and holds for these very words; others have to be agreed to anew.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { commandText, hasActions } from '../../../shared/model/actions.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { writeDurably } from '../../plans/durable-file.ts';
import type { Engine } from '../engine.ts';
import { actionFile, actionsFolder } from './action-files.ts';

type Local = Pick<Engine, 'dataFolder'>;

/** Only for a plan that a person has written or read at this computer. */
export async function agreeToActions(engine: Local, plan: Plan): Promise<void> {
  if (!hasActions(plan.actions)) return;
  await mkdir(actionsFolder(engine), { recursive: true, mode: 0o700 });
  await writeDurably(actionFile(engine, plan.id, 'agreed'), `${digestOf(plan)}\n`);
}

/**
 * For a plan from a file that a person gave: whoever wrote the file wrote its commands, but not those that the plan, as it
 * was `stored`, had brought along and that nobody here has agreed to. False: it waits for an agreement.
 */
export async function agreeToWritten(
  engine: Local,
  stored: Plan | null,
  plan: Plan,
): Promise<boolean> {
  if (stored !== null && !(await areActionsAgreed(engine, stored))) {
    const unread = commandsOf(stored);
    if (commandsOf(plan).some((command) => unread.includes(command))) return false;
  }
  await agreeToActions(engine, plan);
  return true;
}

/** True also for a plan without commands. */
export async function areActionsAgreed(engine: Local, plan: Plan): Promise<boolean> {
  if (!hasActions(plan.actions)) return true;
  const agreed = await readFile(actionFile(engine, plan.id, 'agreed'), 'utf8').catch(() => '');
  return agreed.trim() === digestOf(plan);
}

/** The plan was deleted here: should it come back, it comes from elsewhere. */
export async function dropAgreement(engine: Local, { id }: Plan): Promise<void> {
  await rm(actionFile(engine, id, 'agreed'), { force: true });
}

/** As they are shown to whoever has to agree. */
export function commandsOf({ actions }: Plan): readonly string[] {
  return [actions?.before, actions?.after].flatMap((action) =>
    action === null || action === undefined ? [] : [commandText(action.command)],
  );
}

function digestOf({ id, actions }: Plan): string {
  const words = [id, actions?.before?.command ?? null, actions?.after?.command ?? null];
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}
