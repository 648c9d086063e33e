// The undo record of one restore in place: durable before the target is touched, completed when it is done. After a failure
// it stays: whether the target was touched cannot be told from here, and an undo compares it anyway.
import type { UndoRecord } from '../../shared/model/run.ts';
import type { InPlaceResult } from '../engine/restore/restore-in-place.ts';
import type { Engine } from './engine.ts';
import type { LocalRunBody } from './record-run.ts';
import { keepUndo, UNDO_KEPT_MS } from './undo-store.ts';

export interface UndoTracker {
  readonly begin: (safety: UndoRecord['safety'] | null) => Promise<void>;
  /** Gives the time until which it can be undone; null when nothing was kept. */
  readonly finish: (result: {
    readonly target: string;
    /** Null: the target is a folder, and its lists tell. */
    readonly targetMark: InPlaceResult['targetMark'] | null;
  }) => number | null;
}

/** Nothing is on record before `begin`. */
export function trackUndo(
  engine: Engine,
  run: Pick<LocalRunBody, 'id'>,
  target: string,
  goOnWithout: boolean,
): UndoTracker {
  let record: UndoRecord | null = null;
  return {
    async begin(safety) {
      if (safety === null) return;
      const restoredAtMs = engine.clock.nowMs();
      record = {
        run: run.id,
        restoredAtMs,
        target,
        safety,
        targetMark: null,
        keptUntilMs: restoredAtMs + UNDO_KEPT_MS,
        undoneAtMs: null,
      };
      keepUndo(engine, record, goOnWithout);
    },
    finish({ target: resolved, targetMark }) {
      if (record === null) return null;
      keepUndo(engine, { ...record, target: resolved, targetMark }, true);
      return record.keptUntilMs;
    },
  };
}
