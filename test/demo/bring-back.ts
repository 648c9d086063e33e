/** The ways back: the whole database while it is in use, the undo of that, and only the records that are missing. */
import { formatBytes } from '../../shared/text/bytes.ts';
import { restoredInPlace, restoredRows, undone } from './answers.ts';
import type { DamagedState, GoodState } from './back-up.ts';
import { readCrmFigures, type CrmFigures } from './crm-figures.ts';
import { atPlace, holdfast, holdfastRefuses, type LiveDemo } from './demo.ts';
import type { DemoStage } from './demo-stage.ts';
import type { Loss } from './find-loss.ts';
import { byTable, count, describeWork, duration, short } from './figures-text.ts';

/** How long the second program may take to its next transaction. */
const patienceMs = 10_000;

/** The good state comes back in place, under the hands of the second program. */
export async function restoreInPlace(
  demo: LiveDemo,
  good: GoodState,
  { activities }: Loss,
): Promise<void> {
  const { stage, crm, contacts, writer } = demo;
  const words = `The point from before the accident goes back into the live database. The second program stays open and
sees the restored data through the connection that it had all along. The state until now is kept first.`;
  await stage.step('restore', 'Everything back, in place', words, async () => {
    const before = await writer.sum();
    const args = ['restore', short(good.point.point.id), ...atPlace, '--in-place'];
    const { answer, ms } = await holdfast(demo, args, restoredInPlace);
    const after = await writer.sum();
    const [one] = answer.restored;
    if (one === undefined) throw new Error('the answer names no database');
    stage.figure('Restored', `${formatBytes(one.bytes, 'en')} in ${duration(ms)}`);
    stage.figure('Meanwhile', describeWork(before, after));
    stage.figure('Kept for undo', `restore point ${short(one.safety.point)}`);
    const { kind } = one.way;
    stage.require(kind === 'through-sqlite', `It was restored in another way: ${kind}.`);
    stage.require(one.isIntegrityChecked, 'SQLite did not check the copy before.');
    const sees = `The second program now sees ${count(after.rows['contacts'])} contacts`;
    stage.equal(`${sees}: none is missing.`, after.rows['contacts'] ?? null, contacts);
    const now = readCrmFigures(crm, good.figures.newestActivity);
    checkDigests(stage, now, good.figures, 'as before the accident');
    await checkThatItWrites(demo, after.transactions);
    // Ids of activities have no gaps before the accident, so their number is the newest id.
    const later = before.newestActivity - activities;
    stage.figure(
      'The price',
      `${count(later)} activities logged since then are in the kept state only`,
    );
  });
}

/** Undo refuses to lose new work unseen; told to go on, it brings the state before the restore back. */
export async function undoRestore(
  demo: LiveDemo,
  good: GoodState,
  damaged: DamagedState,
): Promise<void> {
  const { stage, crm, writer } = demo;
  const words = `Losing the latest work for old contacts is a bad trade, so the restore is taken back. Undo notices that
the second program has written since, and refuses until it is told to go on.`;
  await stage.step('undo', 'Undo', words, async () => {
    const refusal = await holdfastRefuses(demo, ['undo']);
    const [title, ...rest] = refusal.words.split('\n');
    stage.figure('It answers', `${title}.`);
    for (const sentence of rest) stage.figure('', sentence);
    stage.equal('Undo refuses to lose new work unseen.', refusal.code, 'target-changed');
    const before = await writer.sum();
    const { ms } = await holdfast(demo, ['undo', '--even-if-changed'], undone);
    const after = await writer.sum();
    const { rows, transactions } = after;
    stage.figure('Time', duration(ms));
    stage.figure('Meanwhile', describeWork(before, after));
    const expected = damaged.figures.rows['contacts'] ?? null;
    stage.equal(
      `The second program sees ${count(rows['contacts'])} contacts, as before the restore.`,
      rows['contacts'] ?? null,
      expected,
    );
    const now = readCrmFigures(crm, good.figures.newestActivity);
    checkDigests(stage, now, damaged.figures, 'as before the restore');
    await checkThatItWrites(demo, transactions);
  });
}

/** Only the missing records come back; all later work stays. */
export async function restoreRows(
  demo: LiveDemo,
  { good, damaged, loss }: { good: GoodState; damaged: DamagedState; loss: Loss },
): Promise<void> {
  const { stage, crm, writer, accidentSize } = demo;
  const words = `Only the deleted contacts come back, with the activities and notes that went with them; deals find their
contact again. What was done since stays.`;
  const title = `Only the ${accidentSize} records`;
  await stage.step('rows', title, words, async () => {
    const before = await writer.sum();
    const args = ['restore', short(good.point.point.id), ...atPlace, '--in-place'];
    const chosen = ['--rows', `contacts:${loss.keys.join(',')}`];
    const { answer, ms } = await holdfast(demo, [...args, ...chosen], restoredRows);
    const after = await writer.sum();
    for (const table of answer.tables.toSorted(byTable))
      stage.figure(table.table, describeTable(table));
    stage.figure('Time', duration(ms));
    stage.figure('Meanwhile', describeWork(before, after));
    const missing = answer.tables.find(({ table }) => table === 'contacts')?.missing;
    stage.require(missing === accidentSize, `${missing} contacts are said to be back.`);
    const now = readCrmFigures(crm, good.figures.newestActivity);
    checkDigests(stage, now, good.figures, 'as before the accident');
    const expected = (before.rows['activities'] ?? 0) + damaged.oldActivities;
    const found = after.rows['activities'] ?? 0;
    stage.check(
      `No later work is lost: ${count(found)} activities, ${count(found - expected)} of them newer than this step.`,
      found >= expected && after.newestActivity >= before.newestActivity,
      `${expected} activities or more should be there; ${found} are.`,
    );
    await checkThatItWrites(demo, after.transactions);
  });
}

function describeTable(table: {
  readonly missing: number;
  readonly changed: number;
  readonly parents: number;
  readonly children: number;
  readonly relinked: number;
}): string {
  const parts = [
    [table.missing, 'brought back'],
    [table.changed, 'put back as they were'],
    [table.parents, 'that others refer to'],
    [table.children, 'that went with them'],
    [table.relinked, 'linked again'],
  ] as const;
  return parts
    .filter(([rows]) => rows > 0)
    .map(([rows, words]) => `${count(rows)} ${words}`)
    .join(', ');
}

function checkDigests(stage: DemoStage, now: CrmFigures, then: CrmFigures, words: string): void {
  const tables = Object.keys(then.digests) as (keyof CrmFigures['digests'])[];
  const others = tables.filter((table) => now.digests[table] !== then.digests[table]);
  stage.check(
    `All ${tables.length} tables are ${words}; contacts: SHA-256 ${short(now.digests.contacts)}.`,
    others.length === 0,
    `Not ${words}, by their SHA-256: ${others.join(', ')}.`,
  );
}

async function checkThatItWrites({ stage, writer }: LiveDemo, since: number): Promise<void> {
  const until = performance.now() + patienceMs;
  let { transactions } = await writer.sum();
  while (transactions === since && performance.now() < until)
    ({ transactions } = await writer.sum());
  stage.check(
    'The second program goes on writing.',
    transactions > since,
    'The second program has not written since.',
  );
}
