// Takes calls from another process, parses them by the contract, runs their handlers and answers.
// Promise: every call is answered once; an input that the contract does not allow reaches no handler.
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import type { Progress } from '../../shared/model/progress.ts';
import {
  contract,
  type CallInput,
  type AgentCallName,
  type CallOutput,
} from '../../shared/ipc/contract.ts';
import { requestSchema, type Reply, type Response } from '../../shared/ipc/messages.ts';

/** What a handler has besides its input. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

export type Handlers = {
  readonly [N in AgentCallName]: (
    input: CallInput<N>,
    context: CallContext,
  ) => Promise<CallOutput<N>>;
};

export interface CallServer {
  /** For each message that comes in; one that is no request is dropped. */
  receive(message: unknown): void;
  /** Ends what runs; resolves when all of it was answered. */
  cancelAll(): Promise<void>;
}

/** Serves `handlers`; answers go out through `send`. */
export function serveCalls(handlers: Handlers, send: (response: Response) => void): CallServer {
  const running = new Map<number, AbortController>();
  const answers = new Set<Promise<void>>();

  const serve = async (id: number, name: string, input: unknown): Promise<void> => {
    const cancelling = new AbortController();
    running.set(id, cancelling);
    const context = {
      signal: cancelling.signal,
      onProgress: (progress: Progress) => send({ kind: 'progress', id, progress }),
    };
    const reply = await replyTo(handlers, name, input, context);
    running.delete(id);
    send({ kind: 'reply', id, reply });
  };

  return {
    receive(message) {
      const parsed = requestSchema.safeParse(message);
      if (!parsed.success) return;
      const request = parsed.data;
      if (request.kind === 'answer') return;
      if (request.kind === 'cancel') {
        running.get(request.id)?.abort();
        return;
      }
      const answer = serve(request.id, request.name, request.input);
      answers.add(answer);
      void answer.finally(() => answers.delete(answer));
    },
    async cancelAll() {
      for (const cancelling of running.values()) cancelling.abort();
      await Promise.allSettled(answers);
    },
  };
}

async function replyTo(
  handlers: Handlers,
  name: string,
  input: unknown,
  context: CallContext,
): Promise<Reply> {
  try {
    if (!isCallName(name)) throw new BackupError({ code: 'usage', detail: `no call ${name}` });
    const { input: schema } = contract[name];
    const parsed = schema.safeParse(input);
    if (!parsed.success) {
      throw new BackupError({ code: 'usage', detail: `${name}: ${parsed.error.message}` });
    }
    // The one cast of the path: name and input belong together by the line above.
    const handler = handlers[name] as (input: unknown, context: CallContext) => Promise<unknown>;
    return { ok: true, value: await handler(parsed.data, context) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function isCallName(name: string): name is AgentCallName {
  return Object.hasOwn(contract, name) && contract[name as AgentCallName].servedBy === 'agent';
}
