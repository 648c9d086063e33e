/** The built agent as a process of its own, asked by the contract. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallName, CallOutput, CallRequest } from '../../shared/ipc/contract.ts';
import type { Response } from '../../shared/ipc/messages.ts';
import type { Progress } from '../../shared/model/progress.ts';

const builtElectron = fileURLToPath(new URL('../../dist/electron/', import.meta.url));

export type CallOptions = {
  readonly onProgress?: (progress: Progress) => void;
  /** Cancels the call, as a window would. */
  readonly signal?: AbortSignal;
};

export type ForkedAgent = AsyncDisposable & {
  readonly pid: number;
  /** Throws what the agent could not do; the cause is its failure. */
  call<N extends CallName>(
    name: N,
    input: CallRequest<N>,
    options?: CallOptions,
  ): Promise<CallOutput<N>>;
};

type Waiting = {
  readonly onReply: (response: Extract<Response, { kind: 'reply' }>) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onEnd: (error: Error) => void;
};

/** Ends, as it would with the app, when it is disposed. `builtFolder` is where `agent.js` lies. */
export function forkAgent(
  env: Readonly<Record<string, string>>,
  builtFolder = builtElectron,
): ForkedAgent {
  const agent = join(builtFolder, 'agent.js');
  const child = fork(agent, [], { env: { ...process.env, ...env }, execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  child.on('message', (response: Response) => {
    if (response.kind === 'reply') waiting.get(response.id)?.onReply(response);
    if (response.kind === 'progress') waiting.get(response.id)?.onProgress(response.progress);
    // Without a desktop nothing seals secrets.
    if (response.kind === 'ask') child.send({ kind: 'answer', id: response.id, value: null });
  });
  child.once('exit', (code, signal) => {
    for (const { onEnd } of waiting.values())
      onEnd(new Error(`the agent ended: ${signal ?? code}`));
  });
  return {
    pid: child.pid ?? 0,
    async call(name, input, { onProgress = () => undefined, signal } = {}) {
      const id = ++lastId;
      const cancel = (): void => void child.send({ kind: 'cancel', id });
      signal?.addEventListener('abort', cancel, { once: true });
      const { reply } = await new Promise<Extract<Response, { kind: 'reply' }>>(
        (resolve, reject) => {
          waiting.set(id, { onReply: resolve, onProgress, onEnd: reject });
          child.send({ kind: 'call', id, name, input });
        },
      );
      signal?.removeEventListener('abort', cancel);
      waiting.delete(id);
      if (!reply.ok) {
        const { failure } = reply;
        throw new Error(`${name} failed: ${JSON.stringify(failure)}`, { cause: failure });
      }
      return reply.value as CallOutput<typeof name>;
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
