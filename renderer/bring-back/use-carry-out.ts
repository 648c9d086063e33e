// The restore itself, once it was confirmed: waits until the file is free, runs, and ends in evidence or a failure.
// Promise: it begins only after a person said so, once for each begin, and never ends a program.
import { useEffect, useReducer, useRef } from 'react';
import type { BringBackRequest } from '../../shared/model/bring-back.ts';
import { failureIn, type Client } from '../bridge/client.ts';
import { useClient } from '../bridge/client-context.ts';
import { changeCarryOut, notBegun, type CarryOut, type CarryOutEvent } from './carry-out.ts';
import { readinessOf, type Readiness } from './readiness.ts';

const LOOK_EVERY_MS = 2000;

export interface CarryOutUse {
  readonly state: CarryOut;
  /** `readiness`: what the confirmed preview said. */
  readonly begin: (request: BringBackRequest, readiness: Readiness) => void;
  /** Back to where nothing was begun. */
  readonly reset: () => void;
}

export function useCarryOut(): CarryOutUse {
  const client = useClient();
  const [state, tell] = useReducer(changeCarryOut, notBegun);
  const waitingFor = state.kind === 'waiting' ? state.request : null;
  useEffect(
    () => (waitingFor === null ? undefined : lookUntilFree(client, waitingFor, tell)),
    [client, waitingFor],
  );
  useRun(client, state, tell);
  return {
    state,
    begin: (request, readiness) => tell({ kind: 'begin', request, readiness }),
    reset: () => tell({ kind: 'reset' }),
  };
}

/** Also while the window is hidden: people close the CRM elsewhere. Returns what ends it. */
function lookUntilFree(
  client: Client,
  request: BringBackRequest,
  tell: (event: CarryOutEvent) => void,
): () => void {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout>;
  const look = async (): Promise<void> => {
    const event = await lookOnce(client, request);
    if (isOver) return;
    tell(event);
    wait();
  };
  const wait = (): void => {
    timer = setTimeout(() => void look(), LOOK_EVERY_MS);
  };
  wait();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

async function lookOnce(client: Client, request: BringBackRequest): Promise<CarryOutEvent> {
  try {
    const preview = await client.call('previewBringBack', { ...request, compare: false });
    return { kind: 'looked', readiness: readinessOf(preview) };
  } catch (error) {
    return { kind: 'look-failed', failure: failureIn(error) };
  }
}

/** One order for each attempt, even where effects run twice. */
function useRun(client: Client, state: CarryOut, tell: (event: CarryOutEvent) => void): void {
  const begun = useRef<CarryOut | null>(null);
  useEffect(() => {
    if (state.kind !== 'running' || begun.current === state) return;
    begun.current = state;
    client.call('bringBack', state.request).then(
      (result) => tell({ kind: 'done', result }),
      (error: unknown) => tell({ kind: 'failed', failure: failureIn(error) }),
    );
  }, [client, state, tell]);
}
