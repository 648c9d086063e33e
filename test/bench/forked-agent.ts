/** The built agent as a process of its own, asked by the contract. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CallName, CallOutput, CallRequest } from '../../shared/ipc/contract.ts';
import type { Response } from '../../shared/ipc/messages.ts';

const builtAgent = fileURLToPath(new URL('../../dist/electron/agent.js', import.meta.url));

export type ForkedAgent = AsyncDisposable & {
  readonly pid: number;
  /** Throws what the agent could not do. */
  call<N extends CallName>(name: N, input: CallRequest<N>): Promise<CallOutput<N>>;
};

/** Ends, as it would with the app, when it is disposed. */
export function forkAgent(env: Readonly<Record<string, string>>): ForkedAgent {
  const child = fork(builtAgent, [], { env: { ...process.env, ...env }, execArgv: [] });
  const waiting = new Map<number, (response: Extract<Response, { kind: 'reply' }>) => void>();
  let lastId = 0;
  child.on('message', (response: Response) => {
    if (response.kind === 'reply') waiting.get(response.id)?.(response);
    // Without a desktop nothing seals secrets.
    if (response.kind === 'ask') child.send({ kind: 'answer', id: response.id, value: null });
  });
  return {
    pid: child.pid ?? 0,
    async call(name, input) {
      const id = ++lastId;
      const { reply } = await new Promise<Extract<Response, { kind: 'reply' }>>((resolve) => {
        waiting.set(id, resolve);
        child.send({ kind: 'call', id, name, input });
      });
      waiting.delete(id);
      if (!reply.ok) throw new Error(`${name} failed: ${JSON.stringify(reply.failure)}`);
      return reply.value as CallOutput<typeof name>;
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
