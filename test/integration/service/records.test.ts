// History, notices and settings as the window reads them: nothing is left out between two pages, nothing said twice.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSettingsFile } from '../../../electron/jobs/settings-file.ts';
import { defaultSettings } from '../../../shared/model/settings.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { openTestAgent, type TestAgent } from '../../support/open-test-agent.ts';

const everything = { kind: null, state: null, plan: null, beforeMs: null, limit: 500 } as const;
const [one, other] = ['1'.repeat(32), '2'.repeat(32)];

/** Twelve runs, three at a time in the same millisecond. */
async function withHistory(): Promise<TestAgent> {
  const agent = await openTestAgent();
  const insert = agent.engine.history().db.prepare(
    `INSERT INTO runs (id, kind, plan_id, started_at_ms, ended_at_ms, state)
     VALUES (printf('%032x', @n), @kind, @plan, @atMs, @atMs, @state)`,
  );
  for (let n = 1; n <= 12; n += 1) {
    const kind = n % 4 === 0 ? 'drill' : 'backup';
    const state = n % 5 === 0 ? 'failed' : n === 12 ? 'running' : 'ok';
    insert.run({ n, kind, state, plan: n % 2 === 0 ? one : other, atMs: Math.floor(n / 3) * 1000 });
  }
  return agent;
}

const numbers = (runs: readonly { readonly id: string }[]): number[] =>
  runs.map(({ id }) => Number.parseInt(id, 16));

test('runs come newest first, by kind, by result and by plan', async () => {
  const agent = await withHistory();
  const ask = async (part: object) =>
    numbers((await agent.call('runs', { ...everything, ...part })).runs);
  expect(await ask({})).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(await ask({ kind: 'drill' })).toEqual([12, 8, 4]);
  expect(await ask({ state: 'failed' })).toEqual([10, 5]);
  expect(await ask({ plan: one, kind: 'backup' })).toEqual([10, 6, 2]);
  expect(await ask({ beforeMs: 1000 })).toEqual([2, 1]);
  expect(await ask({ state: 'interrupted' })).toEqual([]);
});

test.each([1, 2, 3, 4, 5, 12, 500])('pages of %i leave nothing out and end', async (limit) => {
  const agent = await withHistory();
  const seen: number[] = [];
  let beforeMs: number | null = null;
  for (let pages = 0; pages < 20; pages += 1) {
    const page: Awaited<ReturnType<typeof agent.call<'runs'>>> = await agent.call('runs', {
      ...everything,
      beforeMs,
      limit,
    });
    seen.push(...numbers(page.runs));
    beforeMs = page.runs.at(-1)?.startedAtMs ?? null;
    if (!page.hasMore) break;
  }
  expect(seen).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test('an empty history has no more', async () => {
  const agent = await openTestAgent();
  expect(await agent.call('runs', everything)).toEqual({ runs: [], hasMore: false });
});

test('notices stay until they are dismissed, one or all', async () => {
  const agent = await openTestAgent();
  const { notices } = agent.parts;
  for (const plan of ['Office', 'Shop', 'Store']) {
    notices.add({ planId: null, fact: { kind: 'key-needed', plan: plan }, opens: 'home' });
    notices.add({ planId: null, fact: { kind: 'all-fine', plans: 1, backups: 2 }, opens: 'home' });
  }
  const { notices: told } = await agent.call('notices', {});
  expect(told).toEqual(notices.list());
  expect(told.length).toBeGreaterThan(1);
  const [first, ...others] = told;
  await agent.call('dismissNotice', { notice: first?.id ?? null });
  expect((await agent.call('notices', {})).notices).toEqual(others);
  expect(agent.events).toContainEqual({ kind: 'changed', topics: ['notices'] });
  await agent.call('dismissNotice', { notice: null });
  expect((await agent.call('notices', {})).notices).toEqual([]);
});

test('settings change one by one, are told to every window, and are there after a restart', async () => {
  const agent = await openTestAgent();
  expect(await agent.call('settings', {})).toEqual(defaultSettings);
  const quietHours = { from: '22:00', to: '06:00' };
  await Promise.all([
    agent.call('changeSettings', { theme: 'dark' }),
    agent.call('changeSettings', { language: undefined, quietHours }),
  ]);
  expect(agent.events).toContainEqual({ kind: 'changed', topics: ['settings'] });
  const expected = { ...defaultSettings, theme: 'dark', quietHours };
  expect(await agent.call('settings', {})).toEqual(expected);
  await expect(
    agent.call('changeSettings', { quietHours: { from: '25:00', to: '06:00' } }),
  ).rejects.toMatchObject({ failure: { code: 'usage' } });
  const { dataFolder } = agent.engine;
  await agent.close();
  const again = await openTestAgent({ dataFolder });
  expect(await again.call('settings', {})).toEqual(expected);
});

test.each([
  ['nothing', '', {}],
  ['a text', 'hello', {}],
  ['a list', '[1, 2]', {}],
  ['null', 'null', {}],
  ['one sound field', '{"theme": "dark", "language": "klingon", "more": 1}', { theme: 'dark' }],
  [
    'half an object',
    '{"notices": {"problems": false}, "startAtSignIn": false}',
    { startAtSignIn: false },
  ],
  [
    'numbers out of range',
    '{"batteryAtLeastPercent": 101, "isTrayExplained": true}',
    { isTrayExplained: true },
  ],
])('a settings file that holds %s counts field by field', async (_, text, sound) => {
  const folder = await makeTemporaryFolder();
  writeFileSync(join(folder, 'settings.json'), text);
  const settings = openSettingsFile(folder);
  expect(await settings.read()).toEqual({ ...defaultSettings, ...sound });
  // A change puts the file right.
  await settings.change({ theme: 'light' });
  expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toEqual({
    ...defaultSettings,
    ...sound,
    theme: 'light',
  });
});

test('settings that cannot be kept are not taken as changed', async () => {
  const agent = await openTestAgent();
  mkdirSync(join(agent.engine.dataFolder, 'settings.json'), { recursive: true });
  await expect(agent.call('changeSettings', { theme: 'dark' })).rejects.toThrow(/settings/u);
  expect(await agent.call('settings', {})).toEqual(defaultSettings);
  expect(agent.events).not.toContainEqual({ kind: 'changed', topics: ['settings'] });
});
