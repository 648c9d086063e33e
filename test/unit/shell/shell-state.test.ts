import { expect, test } from 'vitest';
import { createShellState } from '../../../electron/shell/shell-state.ts';
import { defaultSettings } from '../../../shared/model/settings.ts';

/** An agent whose answers are given by hand. */
function setUp() {
  const asked: { readonly name: string; readonly answer: (value: unknown) => Promise<void> }[] = [];
  const failures: string[] = [];
  let changes = 0;
  const state = createShellState({
    ask: async (name) => {
      const waiting = Promise.withResolvers<unknown>();
      const answer = async (value: unknown): Promise<void> => {
        if (value instanceof Error) waiting.reject(value);
        else waiting.resolve(value);
        // Whoever waits for it goes on.
        await new Promise((resolve) => setImmediate(resolve));
      };
      asked.push({ name, answer });
      return waiting.promise as never;
    },
    onChange: () => void (changes += 1),
    onFailure: (question) => failures.push(question),
  });
  return { state, asked, failures, changes: () => changes };
}

const changed = { kind: 'changed', topics: ['overview'] } as const;
const overview = (nowMs: number) => ({ nowMs, plans: [], undos: [] });

test('many changes at once ask once, and once more for what came meanwhile', async () => {
  const { state, asked } = setUp();
  for (let change = 0; change < 10; change += 1) state.hear(changed);
  expect(asked.map(({ name }) => name)).toEqual(['overview']);
  await asked[0]?.answer(overview(1));
  expect(asked.map(({ name }) => name)).toEqual(['overview', 'overview']);
  expect(state.overview()?.nowMs).toBe(1);
  await asked[1]?.answer(overview(2));
  expect(state.overview()?.nowMs).toBe(2);
  expect(asked).toHaveLength(2);
});

test('settings are the defaults until they are known, and what failed leaves what was known', async () => {
  const { state, asked, failures } = setUp();
  expect([state.settings(), state.areSettingsKnown()]).toEqual([defaultSettings, false]);
  state.hear({ kind: 'changed', topics: ['settings'] });
  await asked[0]?.answer({ ...defaultSettings, theme: 'dark' });
  expect([state.settings().theme, state.areSettingsKnown()]).toEqual(['dark', true]);
  state.hear({ kind: 'changed', topics: ['settings'] });
  await asked[1]?.answer(new Error('the agent ended'));
  expect([state.settings().theme, failures]).toEqual(['dark', ['settings']]);
});

test('when the agent is gone nothing is said of its work any more', async () => {
  const { state, asked, changes } = setUp();
  state.hear(changed);
  await asked[0]?.answer(overview(1));
  state.hear({ kind: 'jobs', jobs: [] });
  const before = changes();
  state.forget();
  expect([state.overview(), state.jobs(), changes() - before]).toEqual([null, [], 1]);
});

test('notices alone ask nothing', () => {
  const { state, asked } = setUp();
  state.hear({ kind: 'changed', topics: ['notices'] });
  expect(asked).toEqual([]);
});
