// The agent as the shell sees it: calls by number, events, and a process that is started again when it ends by itself.
// Promise: every call is answered, also when the agent dies under it; only `end` ends it for good.
import type {
  AgentCallName,
  AppEvent,
  CallOutput,
  CallRequest,
} from '../../shared/ipc/contract.ts';
import type { Reply, Request, Response } from '../../shared/ipc/messages.ts';
import { BackupError } from '../../shared/model/backup-error.ts';
import { DEATH_WINDOW_MS, recentDeaths, restartDelayMs } from './restart-delay.ts';

/** What is used of a child process; Electron's UtilityProcess is one. */
export interface AgentChild {
  postMessage(message: Request): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): unknown;
}

export interface AgentParts {
  readonly start: () => AgentChild;
  readonly monotonicMs: () => number;
  /** Returns what cancels it. */
  readonly after: (ms: number, action: () => void) => () => void;
  readonly onEvent: (event: AppEvent) => void;
  /** Seals or unseals; null: it cannot. */
  readonly doFavour: (favour: Favour, text: string) => Promise<string | null>;
  /** After the first start and after each later one. */
  readonly onStart: () => void;
  /** It ended by itself; `recent` counts this and the others of the last ten minutes. */
  readonly onDeath: (death: { readonly code: number; readonly recent: number }) => void;
  /** It has run for so long that no death counts any more. */
  readonly onSteady: () => void;
}

export interface AgentProcess {
  /** Rejects with a BackupError. */
  call<N extends AgentCallName>(name: N, input: CallRequest<N>): Promise<CallOutput<N>>;
  /** The same for input that nobody has looked at; never rejects. */
  relay(name: AgentCallName, input: unknown): Promise<Reply>;
  /** Lets it stop at a safe boundary; what takes longer than `limitMs` is killed. Resolves when it is gone. */
  end(limitMs: number): Promise<void>;
}

export type Favour = Extract<Response, { kind: 'ask' }>['favour'];

const gone: Reply = { ok: false, failure: { code: 'agent-gone' } };

/** Starts the agent at once. */
export function createAgentProcess(parts: AgentParts): AgentProcess {
  const waiting = new Map<number, (reply: Reply) => void>();
  let lastId = 0;
  let deathsMs: readonly number[] = [];
  let child: AgentChild | null = null;
  let isEnding = false;
  let cancelRestart: () => void = () => undefined;
  let cancelSteady: () => void = () => undefined;
  let onGone: () => void = () => undefined;

  const start = (): void => {
    const started = parts.start();
    child = started;
    // It is our own process; its messages have the types of shared/ipc.
    started.on('message', (message) => hear(message as Response, started));
    started.on('exit', (code) => lose(code));
    cancelSteady = parts.after(DEATH_WINDOW_MS, parts.onSteady);
    parts.onStart();
  };

  const hear = (response: Response, from: AgentChild): void => {
    if (response.kind === 'event') parts.onEvent(response.event);
    if (response.kind === 'ask') {
      const { id, favour, text } = response;
      void parts.doFavour(favour, text).then((value) => {
        if (from === child) from.postMessage({ kind: 'answer', id, value });
      });
    }
    if (response.kind !== 'reply') return;
    const answer = waiting.get(response.id);
    waiting.delete(response.id);
    answer?.(response.reply);
  };

  const lose = (code: number): void => {
    child = null;
    cancelSteady();
    for (const answer of waiting.values()) answer(gone);
    waiting.clear();
    onGone();
    if (isEnding) return;
    const nowMs = parts.monotonicMs();
    deathsMs = recentDeaths([...deathsMs, nowMs], nowMs);
    cancelRestart = parts.after(restartDelayMs(deathsMs.length), start);
    parts.onDeath({ code, recent: deathsMs.length });
  };

  const relay = async (name: AgentCallName, input: unknown): Promise<Reply> => {
    const serving = child;
    if (serving === null) return gone;
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      serving.postMessage({ kind: 'call', id, name, input });
    });
  };

  start();
  return {
    relay,
    call: async (name, input) => {
      const reply = await relay(name, input);
      if (!reply.ok) throw new BackupError(reply.failure);
      // The agent answers by the same contract.
      return reply.value as CallOutput<typeof name>;
    },
    async end(limitMs) {
      isEnding = true;
      cancelRestart();
      const ending = child;
      if (ending === null) return;
      const left = new Promise<void>((resolve) => (onGone = resolve));
      void relay('close', {});
      const cancelKill = parts.after(limitMs, () => ending.kill());
      await left;
      cancelKill();
    },
  };
}
