/** The built agent as a process of its own, and calls to it by the contract: what the window's main process will do. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inject } from 'vitest';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { AppEvent, CallName, CallOutput, CallRequest } from '../../shared/ipc/contract.ts';
import type { Response } from '../../shared/ipc/messages.ts';
import type { Progress } from '../../shared/model/progress.ts';

export type Agent = AsyncDisposable & {
  readonly pid: number;
  readonly events: readonly AppEvent[];
  /** Resolves with the answer; rejects with the failure as a BackupError. */
  call<N extends CallName>(
    name: N,
    input: CallRequest<N>,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: Progress) => void },
  ): Promise<CallOutput<N>>;
  /** Sends anything. */
  sendRaw(message: object): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
};

type Waiting = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
};

/** Starts it, or another entry of it; it inherits nothing of ours but what `env` says. */
export function startAgent(
  env: Readonly<Record<string, string>>,
  entry = join(inject('builtFolder'), 'agent.js'),
): Agent {
  const child = fork(entry, [], {
    env: { PATH: process.env['PATH'], ...env },
    execArgv: [],
  });
  const waiting = new Map<number, Waiting>();
  const events: AppEvent[] = [];
  let lastId = 0;
  child.on('message', (message) => {
    const response = message as Response;
    if (response.kind === 'event') {
      events.push(response.event);
      return;
    }
    if (response.kind === 'ask') {
      // A parent without a desktop seals nothing.
      child.send({ kind: 'answer', id: response.id, value: null });
      return;
    }
    const call = waiting.get(response.id);
    if (response.kind === 'progress') {
      call?.onProgress?.(response.progress);
      return;
    }
    waiting.delete(response.id);
    const { reply } = response;
    if (reply.ok) call?.resolve(reply.value);
    else call?.reject(new BackupError(reply.failure));
  });
  const ended = once(child, 'exit').then(([code]) => {
    for (const { reject } of waiting.values()) reject(new Error(`the agent ended (${code})`));
    return code as number | null;
  });
  return {
    pid: child.pid ?? 0,
    events,
    ended,
    sendRaw: (message) => void child.send(message),
    call: async (name, input, { signal, onProgress } = {}) => {
      const id = ++lastId;
      const answer = new Promise<unknown>((resolve, reject) => {
        waiting.set(id, { resolve, reject, onProgress });
      });
      signal?.addEventListener('abort', () => child.send({ kind: 'cancel', id }), { once: true });
      child.send({ kind: 'call', id, name, input });
      // The agent answers by the same contract.
      return (await answer) as CallOutput<typeof name>;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
