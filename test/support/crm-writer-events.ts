/** What the CRM writer says, one JSON document a line. */

export type CrmSum = {
  readonly rows: Readonly<Record<string, number>>;
  /** Sum of all deals: work on contacts never changes it. */
  readonly dealCents: number;
  readonly newestActivity: number;
};

export type CrmTotals = {
  /** Transactions that were committed since the start. */
  readonly transactions: number;
  /** Transactions that waited in vain for somebody's lock. */
  readonly busy: number;
  /** The longest that a transaction took, waiting for others included, since the last `sum` was asked for. */
  readonly slowestMs: number;
};

export type CrmWriterEvent = CrmTotals &
  (
    | { readonly event: 'ready' | 'counts' | 'paused' | 'resumed' | 'unknown-command' | 'stopped' }
    | ({ readonly event: 'sum' } & CrmSum)
  );
