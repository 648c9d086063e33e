/** 412 contacts go by accident: which point is offered, what it says, and all of it back beside a CRM that goes on. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deleteContactsByAccident } from '../../support/sample-day.ts';
import { startCrmWriter } from '../../support/start-crm-writer.ts';
import {
  openDatabase,
  openTestOffice,
  pluck,
  type TestOffice,
} from '../../support/open-test-office.ts';

const contactsOf = (path: string): unknown[] => pluck(path, 'SELECT id FROM contacts ORDER BY id');

/** A good state, the accident, and two backups that have it; 37 notes are written since. */
async function haveAccident(office: TestOffice, deleted: number) {
  const { crm, backUp } = office;
  const first = await backUp();
  addNotes(crm, 5);
  const good = await backUp();
  const truth = office.copyAside('truth.db');
  {
    using db = openDatabase(crm);
    deleteContactsByAccident(db, deleted);
  }
  const seen = await backUp();
  addNotes(crm, 37);
  const last = await backUp();
  return { first, good, seen, last, truth };
}

function addNotes(path: string, count: number): void {
  using db = openDatabase(path);
  const columns = db
    .prepare('SELECT * FROM notes LIMIT 1')
    .columns()
    .map(({ name }) => name);
  const others = columns.filter((name) => name !== 'id').join(', ');
  db.prepare(
    `INSERT INTO notes (id, ${others}) SELECT (SELECT max(id) FROM notes) + row_number() OVER (), ${others} FROM notes
     WHERE contact_id IS NOT NULL LIMIT ?`,
  ).run(count);
}

/** Rows by key that only one of two databases has. */
function countLone(table: string, one: string, other: string): number {
  using db = openDatabase(one);
  db.prepare('ATTACH ? AS other').run(other);
  return Number(
    db
      .prepare(`SELECT count(*) FROM main.${table} WHERE id NOT IN (SELECT id FROM other.${table})`)
      .pluck()
      .get(),
  );
}

test('the point before the loss is offered with exact figures, until the loss is said to be meant', async () => {
  const office = await openTestOffice(4000);
  const { agent, plan, crm } = office;
  // The CRM has it open, as ever: its log tells the backups what changed.
  using held = openDatabase(crm);
  held.prepare('SELECT count(*) FROM contacts').get();
  const { first, good, seen, last, truth } = await haveAccident(office, 412);
  expect(office.methods[2]).toBe('guided');

  const timeline = await agent.call('timeline', { plan: plan.id });
  expect(timeline.points.map(({ id, isAfterLoss }) => [id, isAfterLoss])).toEqual([
    [last, true],
    [seen, true],
    [good, false],
    [first, false],
  ]);
  expect(timeline.preselected).toBe(good);
  const fall = {
    source: plan.sources[0]?.id,
    table: 'contacts',
    rowsBefore: 4000,
    rowsAfter: 3588,
  };
  expect(timeline.points[1]?.deltas).toContainEqual(fall);
  expect(timeline.points[0]?.deltas).toMatchObject([{ table: 'notes' }]);
  const said = async () =>
    (await agent.call('notices', {})).notices.flatMap(({ fact }) =>
      fact.kind === 'loss-seen' && fact.table === 'contacts' ? [fact] : [],
    );
  expect(await said()).toMatchObject([{ rows: 412, atMs: timeline.points[1]?.takenAtMs }]);

  const { offers } = await agent.call('oneClick', {});
  expect(offers).toMatchObject([{ plan: plan.id, obstacle: null, preview: { point: good } }]);
  const [target] = offers[0]?.preview?.targets ?? [];
  expect(target).toMatchObject({ path: crm, way: 'through-sqlite', obstacle: null });
  const comparison = target?.comparison;
  if (comparison?.kind !== 'rows') throw new Error(`compared by ${comparison?.kind ?? 'nothing'}`);
  for (const name of ['contacts', 'activities', 'notes', 'deals', 'companies']) {
    expect(comparison.database.tables.find(({ table }) => table === name)).toMatchObject({
      removed: countLone(name, truth, crm),
      added: countLone(name, crm, truth),
    });
  }
  expect([countLone('contacts', truth, crm), countLone('notes', crm, truth)]).toEqual([412, 37]);

  await agent.call('acknowledgeLoss', { plan: plan.id, point: last });
  const meant = await agent.call('timeline', { plan: plan.id });
  expect(meant.points.filter(({ isAfterLoss }) => isAfterLoss)).toEqual([]);
  expect(meant.preselected).toBe(last);
  expect(await said()).toEqual([]);

  renameSync(join(agent.folder, 'usb'), join(agent.folder, 'unplugged'));
  const away = { failure: { code: 'place-missing' } };
  await expect(agent.call('timeline', { plan: plan.id })).rejects.toMatchObject(away);
  expect((await agent.call('oneClick', {})).offers).toMatchObject([
    { plan: plan.id, preview: null, obstacle: away.failure },
  ]);
});

test('everything comes back beside a CRM that writes on; undo keeps what came since, and can itself be undone', async () => {
  const office = await openTestOffice(1500);
  const { agent, plan, crm } = office;
  const { good, truth, last } = await haveAccident(office, 100);
  const request = {
    plan: plan.id,
    point: good,
    what: { kind: 'everything' },
    where: { kind: 'in-place' },
    goOnWithoutUndo: false,
  } as const;
  const writer = await startCrmWriter(crm, { rate: 30 });
  const result = await agent.call('bringBack', request);
  const [back] = result.restored;
  expect(back).toMatchObject({ path: crm, way: 'through-sqlite', isIntegrityChecked: true });
  expect(back?.undoUntilMs).toBeGreaterThan(agent.clock.nowMs());
  // The program's own connection sees them at once, and goes on writing.
  expect((await writer.sum()).rows['contacts']).toBe(1500);
  expect(await writer.stop()).toBeGreaterThan(0);
  expect(contactsOf(crm)).toEqual(contactsOf(truth));
  expect(pluck(crm, 'PRAGMA integrity_check')).toEqual(['ok']);
  expect(agent.events).toContainEqual({ kind: 'changed', topics: ['overview', 'runs'] });
  const timeline = await agent.call('timeline', { plan: plan.id });
  expect(timeline.points[0]).toMatchObject({ isSafetyPoint: true });
  expect(timeline.preselected).toBe(good);

  {
    using db = openDatabase(crm);
    db.exec("UPDATE companies SET name = 'written since' WHERE id = 1");
  }
  const undo = { run: back?.run ?? '', evenIfChanged: false };
  await expect(agent.call('undo', undo)).rejects.toMatchObject({
    failure: { code: 'target-changed' },
  });
  const undone = await agent.call('undo', { ...undo, evenIfChanged: true });
  expect(contactsOf(crm)).toHaveLength(1400);
  expect(undone.redo).toMatchObject({ target: crm, kind: 'file', planId: plan.id });
  await agent.call('undo', { run: undone.redo?.run ?? '', evenIfChanged: false });
  expect(pluck(crm, 'SELECT name FROM companies WHERE id = 1')).toEqual(['written since']);
  expect(contactsOf(crm)).toEqual(contactsOf(truth));

  // Where nothing was written since, nothing new has to be kept for the way back.
  const points = async () => (await agent.call('timeline', { plan: plan.id })).points.length;
  const again = await agent.call('bringBack', { ...request, point: last });
  expect(contactsOf(crm)).toHaveLength(1400);
  const before = await points();
  const plain = await agent.call('undo', {
    run: again.restored[0]?.run ?? '',
    evenIfChanged: false,
  });
  expect([await points(), contactsOf(crm).length]).toEqual([before, 1500]);
  await agent.call('undo', { run: plain.redo?.run ?? '', evenIfChanged: false });
  expect(contactsOf(crm)).toHaveLength(1400);
});
