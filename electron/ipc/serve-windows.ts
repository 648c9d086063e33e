// Takes the calls of windows: checks the sender, routes by the contract, parses what the shell itself serves, answers.
// Promise: a call is answered once and never throws; nothing of a stranger's message reaches a handler. Inputs of the
// agent's calls are parsed by the agent.
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { callChannel } from '../../shared/ipc/channels.ts';
import {
  contract,
  type AgentCallName,
  type CallInput,
  type CallOutput,
  type MainCallName,
} from '../../shared/ipc/contract.ts';
import type { Reply } from '../../shared/ipc/messages.ts';
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import { routeCall } from './route-call.ts';
import { isTrusted } from './sender-check.ts';

export type MainHandlers = {
  readonly [N in MainCallName]: (input: CallInput<N>) => Promise<CallOutput<N>>;
};

export interface WindowServer {
  /** Such as "app://holdfast". */
  readonly origin: string;
  readonly isOwnWindow: (contents: WebContents) => boolean;
  readonly handlers: MainHandlers;
  readonly relay: (name: AgentCallName, input: unknown) => Promise<Reply>;
}

/** Serves from now on. */
export function serveWindows(server: WindowServer): void {
  ipcMain.handle(callChannel, async (event, name: unknown, input: unknown): Promise<Reply> => {
    if (!isTrusted(senderOf(event, server), server.origin)) return refusal('not for this sender');
    const route = routeCall(name);
    if (route.kind === 'refused') return refusal(route.why);
    return route.kind === 'agent'
      ? server.relay(route.name, input)
      : replyOf(server.handlers, route.name, input);
  });
}

function senderOf(event: IpcMainInvokeEvent, { isOwnWindow }: WindowServer) {
  const frame = event.senderFrame;
  return {
    isOwnWindow: isOwnWindow(event.sender),
    isTopFrame: frame !== null && frame === event.sender.mainFrame,
    url: frame?.url ?? null,
  };
}

async function replyOf(handlers: MainHandlers, name: MainCallName, input: unknown): Promise<Reply> {
  try {
    const parsed = contract[name].input.safeParse(input);
    if (!parsed.success) {
      throw new BackupError({ code: 'usage', detail: `${name}: ${parsed.error.message}` });
    }
    // The one cast of the shell's side: name and input belong together by the line above.
    const handler = handlers[name] as (input: unknown) => Promise<unknown>;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

const refusal = (detail: string): Reply => ({ ok: false, failure: { code: 'usage', detail } });
