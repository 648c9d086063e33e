// Carrying out a confirmed restore, as states. Pure. Waiting for a free file ends in running by itself; a file that is
// taken again at every attempt ends in a failure instead of going round for ever.
import type { BringBackRequest, BringBackResult } from '../../shared/model/bring-back.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { Holder, Readiness } from './readiness.ts';

export type CarryOut =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'waiting';
      readonly request: BringBackRequest;
      readonly holders: readonly Holder[];
      readonly attempts: number;
      /** Why the last look told nothing. */
      readonly failure: Failure | null;
    }
  | { readonly kind: 'running'; readonly request: BringBackRequest; readonly attempts: number }
  | { readonly kind: 'failed'; readonly request: BringBackRequest; readonly failure: Failure }
  | {
      readonly kind: 'done';
      readonly request: BringBackRequest;
      readonly result: BringBackResult;
    };

export type CarryOutEvent =
  | { readonly kind: 'begin'; readonly request: BringBackRequest; readonly readiness: Readiness }
  | { readonly kind: 'looked'; readonly readiness: Readiness }
  | { readonly kind: 'look-failed'; readonly failure: Failure }
  | { readonly kind: 'done'; readonly result: BringBackResult }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'reset' };

/** Starts that may find the file in use again before it counts as a failure. */
export const MOST_ATTEMPTS = 5;

export const notBegun: CarryOut = { kind: 'idle' };

export function changeCarryOut(state: CarryOut, event: CarryOutEvent): CarryOut {
  switch (event.kind) {
    case 'begin':
      return afterLook(event.request, event.readiness, 0);
    case 'looked':
      return state.kind === 'waiting'
        ? afterLook(state.request, event.readiness, state.attempts)
        : state;
    case 'look-failed':
      return state.kind === 'waiting' ? { ...state, failure: event.failure } : state;
    case 'done':
      return state.kind === 'running'
        ? { kind: 'done', request: state.request, result: event.result }
        : state;
    case 'failed':
      return state.kind === 'running' ? afterFailure(state, event.failure) : state;
    case 'reset':
      return notBegun;
  }
}

function afterLook(request: BringBackRequest, readiness: Readiness, attempts: number): CarryOut {
  switch (readiness.kind) {
    case 'ready':
      return { kind: 'running', request, attempts: attempts + 1 };
    case 'in-use':
      return { kind: 'waiting', request, holders: readiness.holders, attempts, failure: null };
    case 'no-undo':
      return { kind: 'failed', request, failure: readiness.failure };
    case 'blocked': {
      const [failure] = readiness.failures;
      // Clashing records have no failure of their own: the restore itself says what it refuses.
      if (failure === undefined) return { kind: 'running', request, attempts: attempts + 1 };
      return { kind: 'failed', request, failure };
    }
  }
}

function afterFailure(
  { request, attempts }: Extract<CarryOut, { kind: 'running' }>,
  failure: Failure,
): CarryOut {
  if (failure.code !== 'target-in-use' || attempts >= MOST_ATTEMPTS) {
    return { kind: 'failed', request, failure };
  }
  const holders = [{ path: failure.path, names: failure.by === null ? [] : [failure.by] }];
  return { kind: 'waiting', request, holders, attempts, failure: null };
}
