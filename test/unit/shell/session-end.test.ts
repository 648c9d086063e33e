import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { watchSessionEnd } from '../../../electron/shell/session-end.ts';

async function listen(platform: NodeJS.Platform) {
  const ears: EventEmitter[] = [];
  let ends = 0;
  const makeEar = async (): Promise<EventEmitter> => {
    const ear = new EventEmitter();
    ears.push(ear);
    return ear;
  };
  await watchSessionEnd(platform, makeEar, () => void (ends += 1));
  return { ears, ends: () => ends };
}

test.each(['query-session-end', 'session-end'])(
  'on Windows, %s is heard without any window of the app',
  async (event) => {
    const { ears, ends } = await listen('win32');
    expect(ears).toHaveLength(1);
    ears[0]?.emit(event);
    expect(ends()).toBe(1);
  },
);

test('elsewhere the app is told, and no window is made for it', async () => {
  expect((await listen('linux')).ears).toEqual([]);
  expect((await listen('darwin')).ears).toEqual([]);
});
