/** What is missing: the two restore points around the accident, compared. */
import { formatBytes } from '../../shared/text/bytes.ts';
import { compared, type ComparedTable } from './answers.ts';
import type { DamagedState, GoodState } from './back-up.ts';
import { atPlace, holdfast, type LiveDemo } from './demo.ts';
import { byTable, count, duration, short } from './figures-text.ts';

/** As the comparison found it. */
export interface Loss {
  /** Of the contacts that are gone. */
  readonly keys: readonly string[];
  /** Activities before the accident. */
  readonly activities: number;
}

/** Compares the points before and after the accident. */
export async function findLoss(
  demo: LiveDemo,
  good: GoodState,
  damaged: DamagedState,
): Promise<Loss> {
  const { stage, accidentSize } = demo;
  const words = `Somebody misses a customer. The last two restore points are compared, record by record.`;
  return stage.step('compare', 'What is missing?', words, async () => {
    const points = [good.point.point.id, damaged.point.point.id].map(short);
    const args = ['compare', ...points, ...atPlace, '--examples', String(accidentSize)];
    const { answer, ms } = await holdfast(demo, args, compared);
    const [{ tables } = { tables: [] }] = answer.sources.map(({ result }) => result.database);
    for (const table of tables.filter(isChanged).toSorted(byTable))
      stage.figure(table.table, describe(table));
    const contacts = tables.find(({ table }) => table === 'contacts');
    const gone = (contacts?.examples ?? []).filter(({ change }) => change === 'removed');
    const people = gone.slice(0, 3).map(({ label, key }) => `${label ?? 'nameless'} (${key})`);
    stage.figure('For example', `${people.join(', ')} are gone`);
    stage.figure('Time', `${duration(ms)}; ${formatBytes(answer.fetchedBytes, 'en')} fetched`);
    checkLoss(demo, tables, damaged);
    const keys = gone.map(({ key }) => key);
    const deleted = damaged.accident.contactIds.map(String).sort();
    stage.equal(
      `It names exactly the ${accidentSize} contacts that were deleted.`,
      keys.toSorted().join(','),
      deleted.join(','),
    );
    const { rowsBefore } = tables.find(({ table }) => table === 'activities') ?? { rowsBefore: 0 };
    return { keys, activities: rowsBefore };
  });
}

const isChanged = ({ added, removed, changed }: ComparedTable): boolean =>
  added + removed + changed > 0;

function describe({ rowsBefore, rowsAfter, added, removed, changed }: ComparedTable): string {
  const parts = [
    [removed, 'removed'],
    [changed, 'changed'],
    [added, 'added'],
  ] as const;
  const changes = parts
    .filter(([rows]) => rows > 0)
    .map(([rows, word]) => `${count(rows)} ${word}`);
  return `${count(rowsBefore)} -> ${count(rowsAfter)}: ${changes.join(', ')}`;
}

/** The second program adds activities and changes contacts; all else is the accident. */
function checkLoss(
  { stage, accidentSize }: LiveDemo,
  tables: readonly ComparedTable[],
  { accident, emptiedDeals, oldActivities }: DamagedState,
): void {
  const of = (name: string): ComparedTable | undefined =>
    tables.find(({ table }) => table === name);
  const strangers = ['users', 'companies'].map(of);
  const removed = of('activities')?.removed ?? 0;
  stage.require(
    strangers.every((table) => table !== undefined && !isChanged(table)),
    `Users and companies are said to have changed: ${JSON.stringify(strangers)}.`,
  );
  stage.require(
    oldActivities <= removed && removed <= accident.activities,
    `From ${oldActivities} to ${accident.activities} activities were removed; ${removed} are said to be.`,
  );
  const found = [of('contacts')?.removed, of('notes')?.removed, of('deals')?.changed];
  stage.equal(
    'All of these are the figures that plain SQL counted at the accident.',
    found.join(', '),
    [accidentSize, accident.notes, emptiedDeals].join(', '),
  );
}
