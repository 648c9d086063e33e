// What a restore point's label says about what had changed when it was made. Facts; the words are in the texts.
import type { TimelinePoint } from '../../shared/model/timeline.ts';

export type PointChange =
  /** `by` is never 0. */
  | { readonly kind: 'rows'; readonly table: string; readonly by: number }
  | { readonly kind: 'table-gone'; readonly table: string; readonly rows: number }
  | { readonly kind: 'more-tables'; readonly count: number }
  | { readonly kind: 'nothing' }
  /** Nothing was counted: files, or a database that cannot be read here. */
  | { readonly kind: 'not-counted' };

const NAMED = 3;

/** The largest changes first, as the timeline gives them; never empty. */
export function changesOf(point: TimelinePoint): readonly PointChange[] {
  const changes = point.deltas
    .map(({ table, rowsBefore, rowsAfter }): PointChange & { readonly by?: number } =>
      rowsAfter === null
        ? { kind: 'table-gone', table, rows: rowsBefore }
        : { kind: 'rows', table, by: rowsAfter - rowsBefore },
    )
    .filter((change) => change.kind !== 'rows' || change.by !== 0);
  if (changes.length === 0) {
    const isCounted = point.sources.some(({ counts }) => counts !== null);
    return [{ kind: isCounted ? 'nothing' : 'not-counted' }];
  }
  const rest = changes.length - NAMED;
  return rest <= 0 ? changes : [...changes.slice(0, NAMED), { kind: 'more-tables', count: rest }];
}

export type PointMark =
  | 'damaged'
  | 'damaged-source'
  | 'after-loss'
  | 'safety-point'
  | 'held'
  | 'proved';

/** What is worth saying about a point besides its time, worst first. */
export function marksOf(point: TimelinePoint): readonly PointMark[] {
  const marks: readonly (readonly [PointMark, boolean])[] = [
    ['damaged', point.isDamaged],
    ['damaged-source', point.sources.some(({ label }) => label === 'damaged-source')],
    ['after-loss', point.isAfterLoss],
    ['safety-point', point.isSafetyPoint],
    ['held', point.holds.length > 0],
    ['proved', point.isProved && !point.isDamaged],
  ];
  return marks.filter(([, holds]) => holds).map(([mark]) => mark);
}
