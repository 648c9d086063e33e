// The list of volumes is asked for often: it costs something only when something has changed.
import { expect, test } from 'vitest';
import { rememberVolumes } from '../../../../electron/platform/volumes/list-volumes.ts';
import { volume, type Volume } from '../../../../electron/platform/volumes/volume.ts';

function computer() {
  let nowMs = 0;
  let plugged: readonly Volume[] = [];
  let listed = 0;
  let looked = 0;
  let isSilent = false;
  const list = rememberVolumes(
    {
      fingerprint: async () => {
        looked += 1;
        return JSON.stringify(plugged);
      },
      list: async () => {
        listed += 1;
        return isSilent ? null : plugged;
      },
    },
    () => nowMs,
  );
  return {
    list,
    pass: (ms: number) => (nowMs += ms),
    plug: (volumes: readonly Volume[]) => (plugged = volumes),
    silence: (silent: boolean) => (isSilent = silent),
    asked: () => ({ listed, looked }),
  };
}
const stick = volume({ folders: ['/media/a/BLUE'], kind: 'removable', id: 'x' });

test('asked again at once it asks nobody, later it looks, and lists what has changed', async () => {
  const pc = computer();
  await Promise.all([pc.list(), pc.list()]);
  await pc.list();
  expect(pc.asked()).toEqual({ listed: 1, looked: 1 });
  pc.pass(3_000);
  await pc.list();
  expect(pc.asked()).toEqual({ listed: 1, looked: 2 });
  pc.plug([stick]);
  pc.pass(3_000);
  expect(await pc.list()).toEqual([stick]);
  expect(pc.asked().listed).toBe(2);
  pc.pass(11 * 60_000);
  await pc.list();
  expect(pc.asked().listed).toBe(3);
});

test('a system that once did not tell is asked again', async () => {
  const pc = computer();
  pc.silence(true);
  pc.plug([stick]);
  expect(await pc.list()).toEqual([]);
  pc.silence(false);
  pc.pass(61_000);
  expect(await pc.list()).toEqual([stick]);
});
