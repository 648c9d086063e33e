// The copy that records are chosen from: fetched when it is first needed, given back when the screen is left or another
// restore point is chosen.
import { useEffect, useState } from 'react';
import type { RowSession } from '../../shared/model/bring-back.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { PlanId, PointId, SourceId } from '../../shared/model/ids.ts';
import { failureIn } from '../bridge/client.ts';
import { useClient } from '../bridge/client-context.ts';

export type OpenedRows =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly session: RowSession }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface RowSessionUse {
  readonly rows: OpenedRows;
  /** Fetches the copy again, e.g. after it was closed for want of use. */
  readonly reopen: () => void;
}

interface Wanted {
  readonly plan: PlanId | null;
  readonly point: PointId | null;
  readonly source: SourceId | null;
  readonly isWanted: boolean;
}

const opening: OpenedRows = { kind: 'opening' };

export function useRowSession({ plan, point, source, isWanted }: Wanted): RowSessionUse {
  const client = useClient();
  const [rows, setRows] = useState<OpenedRows>(opening);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!isWanted || plan === null || point === null || source === null) return undefined;
    let isOver = false;
    let opened: string | null = null;
    const close = (session: string): void =>
      // It closes by itself after a while; nobody waits for this.
      void client.call('closeRows', { session }).catch(() => undefined);
    setRows(opening);
    client.call('openRows', { plan, point, source }).then(
      (session) => {
        if (isOver) return close(session.session);
        opened = session.session;
        return setRows({ kind: 'open', session });
      },
      (error: unknown) => {
        if (!isOver) setRows({ kind: 'failed', failure: failureIn(error) });
      },
    );
    return () => {
      isOver = true;
      if (opened !== null) close(opened);
    };
  }, [client, plan, point, source, isWanted, attempt]);
  return { rows, reopen: () => setAttempt((before) => before + 1) };
}
