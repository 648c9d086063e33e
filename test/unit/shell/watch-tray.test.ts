import { expect, test } from 'vitest';
import { TRAY_LOOKS_MS, watchTray } from '../../../electron/shell/watch-tray.ts';

/** A desktop that is looked at by hand; `opens`: what opening a tray gives, look by look. */
function setUp(shown: boolean[], opens: boolean[] = []) {
  const timers: { readonly ms: number; readonly action: () => void }[] = [];
  let opened = 0;
  let looks = 0;
  const watching = watchTray({
    look: async () => shown[looks++] ?? false,
    open: () => opens[opened++] ?? true,
    after: (ms, action) => timers.push({ ms, action }),
  });
  const lookAgain = async (): Promise<void> => {
    const before = looks;
    timers.at(-1)?.action();
    expect(looks).toBe(before + 1);
    // The answer to the look, and what follows it.
    await new Promise(setImmediate);
  };
  return { watching, timers, lookAgain, opened: () => opened };
}

test('a tray that is there is opened once and not looked for again', async () => {
  const { watching, timers, opened } = setUp([true]);
  await watching;
  expect([opened(), timers.length]).toEqual([1, 0]);
});

test('one that comes up later is opened then', async () => {
  const { watching, timers, lookAgain, opened } = setUp([false, false, true]);
  await watching;
  expect(opened()).toBe(0);
  await lookAgain();
  await lookAgain();
  expect([opened(), timers.length]).toEqual([1, 2]);
});

test('one that could not be opened is tried again', async () => {
  const { watching, lookAgain, timers, opened } = setUp([true, true], [false, true]);
  await watching;
  await lookAgain();
  expect([opened(), timers.length]).toEqual([2, 1]);
});

test('pauses grow, and it never stops looking', async () => {
  const { watching, timers, lookAgain } = setUp([]);
  await watching;
  for (let look = 0; look < TRAY_LOOKS_MS.length + 1; look += 1) await lookAgain();
  const longest = TRAY_LOOKS_MS.at(-1);
  expect(timers.map(({ ms }) => ms)).toEqual([...TRAY_LOOKS_MS, longest, longest]);
});
