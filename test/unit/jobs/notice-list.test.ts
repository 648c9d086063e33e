/** What needs the user is said once, outlives the process, and goes when it is no longer true. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openNoticeList, type NewNotice } from '../../../electron/jobs/notice-list.ts';
import type { PlanId, RunId } from '../../../shared/model/ids.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const HOUR = 3_600_000;
const planId = '1'.repeat(32) as PlanId;
const overdue: NewNotice = {
  planId,
  fact: { kind: 'overdue', plan: 'Office', slotMs: 1000 },
  opens: 'home',
};
const failed = (code: 'place-missing' | 'place-read-only', digit: string): NewNotice => ({
  planId,
  fact: {
    kind: 'run-failed',
    run: digit.repeat(32) as RunId,
    plan: 'Office',
    failure: { code, place: '/mnt/usb' },
  },
  opens: 'history',
});

async function openList(file: string) {
  let [nowMs, made] = [Date.UTC(2026, 5, 1), 0];
  const open = async () =>
    openNoticeList(
      () => (made += 1).toString(16).padStart(32, '0'),
      () => nowMs,
      file,
    );
  return { list: await open(), open, pass: (ms: number) => void (nowMs += ms) };
}

test('the same is not said twice while it stands, a new cause is', async () => {
  const { list } = await openList(join(await makeTemporaryFolder(), 'notices.json'));
  expect(list.add(failed('place-missing', '2'))).not.toBeNull();
  expect(list.add(failed('place-missing', '3'))).toBeNull();
  expect(list.add(failed('place-read-only', '4'))).not.toBeNull();
  expect(
    list.add({ ...overdue, fact: { kind: 'overdue', plan: 'Office', slotMs: 1 } }),
  ).not.toBeNull();
  expect(list.add(overdue)).toBeNull();
  expect(list.list().map(({ fact }) => fact.kind)).toEqual(['overdue', 'run-failed', 'run-failed']);
});

test('what was dismissed is gone, also after a restart, and is news again a day later', async () => {
  const { list, open, pass } = await openList(join(await makeTemporaryFolder(), 'notices.json'));
  const made = list.add(overdue);
  list.add(failed('place-missing', '2'));
  list.dismiss(made?.id ?? '');
  expect(list.list()).toHaveLength(1);
  await list.flush();
  const again = await open();
  expect(again.list()).toMatchObject([{ fact: { kind: 'run-failed', run: '2'.repeat(32) } }]);
  expect(again.add(overdue)).toBeNull();
  pass(24 * HOUR);
  expect(again.add(overdue)).not.toBeNull();
  again.dismiss(null);
  expect(again.list()).toEqual([]);
});

test('what is over is dropped, and said anew when it comes again', async () => {
  const { list } = await openList(join(await makeTemporaryFolder(), 'notices.json'));
  const made = list.add(overdue);
  list.dismiss(made?.id ?? '');
  expect(list.drop((notice) => notice.fact.kind === 'overdue')).toBe(true);
  expect(list.drop((notice) => notice.fact.kind === 'overdue')).toBe(false);
  expect(list.add(overdue)).not.toBeNull();
});

test('a file with unknown or damaged notices costs those only', async () => {
  const file = join(await makeTemporaryFolder(), 'notices.json');
  const { list, open } = await openList(file);
  list.add(overdue);
  list.add(failed('place-missing', '2'));
  await list.flush();
  const stored = JSON.parse(await readFile(file, 'utf8')) as object[];
  await writeFile(
    file,
    JSON.stringify([{ fact: 'nonsense' }, { ...stored[0], fact: { kind: 'later' } }, ...stored]),
  );
  expect((await open()).list()).toHaveLength(2);
  await writeFile(file, '{"half');
  expect((await open()).list()).toEqual([]);
});
