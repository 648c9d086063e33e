// Calls to the agent and the shell by the contract. A reply that says "failed" is thrown as a CallFailure with its facts.
import type {
  AppEvent,
  CallOutput,
  CallRequest,
  WindowCallName,
} from '../../shared/ipc/contract.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { Failure } from '../../shared/model/failure.ts';

/** A failure of a call; its words are in shared/text/failure-words.ts. */
export interface CallFailure extends Error {
  readonly failure: Failure;
}

export interface Client {
  /** Rejects with a CallFailure. */
  call<N extends WindowCallName>(name: N, input: CallRequest<N>): Promise<CallOutput<N>>;
  /** Returns what ends it. */
  onEvent(listener: (event: AppEvent) => void): () => void;
  pathOfFile(file: File): string;
  /** Keeps the window although it is closed, until all that was handed out was called. */
  hold(): () => void;
}

export function createClient(bridge: Bridge): Client {
  let holds = 0;
  const changeHolds = (by: 1 | -1): void => {
    const was = holds > 0;
    holds += by;
    if (was !== holds > 0) void bridge.call('holdWindow', { isHeld: holds > 0 });
  };
  return {
    async call(name, input) {
      const reply = await bridge.call(name, input);
      if (!reply.ok) {
        throw Object.assign(new Error(reply.failure.code), { failure: reply.failure });
      }
      // The one cast of the window's side: agent and shell answer by the same contract.
      return reply.value as CallOutput<typeof name>;
    },
    onEvent: (listener) => bridge.onEvent(listener),
    pathOfFile: (file) => bridge.pathOfFile(file),
    hold() {
      changeHolds(1);
      return () => changeHolds(-1);
    },
  };
}

/** The facts of whatever was thrown. */
export function failureIn(error: unknown): Failure {
  if (error instanceof Error && 'failure' in error) return (error as CallFailure).failure;
  return { code: 'unexpected', detail: error instanceof Error ? error.message : String(error) };
}
