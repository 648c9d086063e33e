// Follows the counted rows of tables from restore point to restore point: what changed, and where rows were lost that
// nobody has said were meant to go. Promise: what was not counted is not guessed; the last known figure holds until then.
import type { PointId, SourceId } from './ids.ts';
import type { TableCount } from './restore-point.ts';
import type { TableDelta } from './timeline.ts';

/** One restore point as far as rows go. */
export interface CountedPoint {
  readonly id: PointId;
  readonly sources: readonly {
    readonly id: SourceId;
    /** Null: not counted. */
    readonly counts: readonly TableCount[] | null;
    /** A table without a count was gone. */
    readonly areAllCounted: boolean;
  }[];
  /** Somebody has said that what fell up to here was meant. */
  readonly isAcknowledged: boolean;
}

export interface TableLoss {
  readonly source: SourceId;
  readonly table: string;
  readonly rowsBefore: number;
  /** Null: the table is gone. */
  readonly rowsAfter: number | null;
  /** The restore point in which the fall is seen first. */
  readonly since: PointId;
}

export interface PointRows {
  readonly point: PointId;
  /** Against what was known before; largest first. */
  readonly deltas: readonly TableDelta[];
  /** Losses of its own sources that stand at it. */
  readonly losses: readonly TableLoss[];
}

/** Tidying up takes single rows, and a small table falls by a large share when one does: fewer are never an alarm. */
export const LOSS_MIN_ROWS = 20;
/** A day's work in a CRM removes far less than this of any table; a wrong filter before `delete` removes more. */
export const LOSS_MIN_SHARE = 0.02;
/** A table that was left with no more than this share, and that was meant, is one that programs empty: an outbox, a queue. */
const EMPTIED_SHARE = 0.01;

/** How far rows may fall from one restore point to the next. */
export function allowedFall(rows: number): number {
  return Math.max(LOSS_MIN_ROWS, rows * LOSS_MIN_SHARE);
}

interface Known {
  /** Null: the table is gone. */
  readonly rows: number | null;
  readonly loss: TableLoss | null;
  /** Its rows went before, and were meant to. */
  readonly mayBeEmptied: boolean;
}

interface Step {
  readonly known: Known;
  readonly delta: TableDelta | null;
}

type Tables = Map<string, Known>;

/** One answer for each point, in the order given: oldest first. */
export function followRows(points: readonly CountedPoint[]): readonly PointRows[] {
  const bySource = new Map<SourceId, Tables>();
  return points.map((point) => {
    const deltas = point.sources.flatMap((source) => {
      if (source.counts === null) return [];
      const before = bySource.get(source.id);
      const tables: Tables = before ?? new Map<string, Known>();
      bySource.set(source.id, tables);
      const found = takeCounts(tables, point, source.id, source.counts, source.areAllCounted);
      return before === undefined ? [] : found;
    });
    const losses = point.sources.flatMap(({ id }) =>
      [...(bySource.get(id)?.values() ?? [])].flatMap(({ loss }) => loss ?? []),
    );
    return { point: point.id, deltas: deltas.sort((a, b) => sizeOf(b) - sizeOf(a)), losses };
  });
}

function takeCounts(
  tables: Tables,
  point: CountedPoint,
  source: SourceId,
  counts: readonly TableCount[],
  areAllCounted: boolean,
): readonly TableDelta[] {
  const now = new Map<string, number | null>(counts.map(({ table, rows }) => [table, rows]));
  if (areAllCounted) {
    for (const table of tables.keys()) if (!now.has(table)) now.set(table, null);
  }
  return [...now].flatMap(([table, rows]) => {
    const step = takeTable(tables.get(table) ?? null, point, { source, table }, rows);
    tables.set(table, step.known);
    return step.delta ?? [];
  });
}

function takeTable(
  before: Known | null,
  point: CountedPoint,
  where: Pick<TableLoss, 'source' | 'table'>,
  rows: number | null,
): Step {
  const rowsBefore = before?.rows ?? 0;
  const isSame = before !== null && before.rows === rows;
  const change = { ...where, rowsBefore, rowsAfter: rows };
  const delta = isSame || (rows ?? 0) === rowsBefore ? null : change;
  const { isFall, isEmptied } = judgeFall(rowsBefore, rows);
  const wasMeant = before?.mayBeEmptied === true && rows !== null;
  const mayBeEmptied =
    before?.mayBeEmptied === true || (isFall && isEmptied && point.isAcknowledged);
  if (point.isAcknowledged) return { known: { rows, loss: null, mayBeEmptied }, delta };
  if (before !== null && before.loss !== null) {
    const loss = isBack(before.loss, rows) ? null : before.loss;
    return { known: { rows, loss, mayBeEmptied }, delta };
  }
  const loss = isFall && !wasMeant ? { ...change, since: point.id } : null;
  return { known: { rows, loss, mayBeEmptied }, delta };
}

function judgeFall(
  before: number,
  after: number | null,
): { readonly isFall: boolean; readonly isEmptied: boolean } {
  // A table that held anything does not vanish by daily work.
  if (after === null) return { isFall: before > 0, isEmptied: false };
  return {
    isFall: before - after > allowedFall(before),
    isEmptied: after <= before * EMPTIED_SHARE,
  };
}

/** Near enough to where it was: rows that really went since may be missing. */
function isBack({ rowsBefore }: TableLoss, rows: number | null): boolean {
  return rows !== null && rows >= rowsBefore - allowedFall(rowsBefore);
}

function sizeOf({ rowsBefore, rowsAfter }: TableDelta): number {
  return Math.abs((rowsAfter ?? 0) - rowsBefore);
}
