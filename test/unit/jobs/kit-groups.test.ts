// Typing two groups again shows that the key was written down; a slip of the pen is found, another way to write it is none.
import { expect, test } from 'vitest';
import { createKitGroups } from '../../../electron/jobs/kit-groups.ts';
import { formatRecoveryKey } from '../../../electron/engine/crypto/recovery-key.ts';
import type { VaultId } from '../../../shared/model/ids.ts';
import { createHandClock } from '../../support/hand-clock.ts';

const vault = 'a'.repeat(32) as VaultId;
const key = formatRecoveryKey(Buffer.from('000102030405060708090a0b0c0d0e0f10111213', 'hex'));
const groups = key.split('-');
const group = (index: number, change = (text: string) => text) => ({
  index,
  text: change(groups[index] ?? ''),
});

function know() {
  const clock = createHandClock();
  const kits = createKitGroups(clock);
  kits.keep(vault, key);
  return { clock, kits };
}

test('groups typed as they are, in lower case, with blanks or with lookalikes are right', () => {
  const { kits } = know();
  expect(kits.findWrong(vault, [group(0), group(7)])).toEqual([]);
  const loose = (text: string): string =>
    ` ${text.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `;
  expect(groups[0]).toContain('0');
  expect(kits.findWrong(vault, [group(0, loose), group(1, loose)])).toEqual([]);
});

test('each wrong group is named, also one that no key has', () => {
  const { kits } = know();
  const slip = (text: string): string => (text.startsWith('Z') ? 'Y' : 'Z') + text.slice(1);
  expect(kits.findWrong(vault, [group(2), group(3, slip), group(30)])).toEqual([3, 30]);
});

test('another group of the same key does not do', () => {
  const { kits } = know();
  expect(kits.findWrong(vault, [{ index: 4, text: groups[5] ?? '' }, group(6)])).toEqual([4]);
});

test('the key is forgotten when it is confirmed, and after a day', async () => {
  const { clock, kits } = know();
  await clock.advance(24 * 3_600_000 - 1);
  expect(kits.findWrong(vault, [group(0), group(1)])).toEqual([]);
  await clock.advance(1);
  expect(kits.findWrong(vault, [group(0), group(1)])).toBeNull();
  kits.keep(vault, key);
  kits.forget(vault);
  expect(kits.findWrong(vault, [group(0), group(1)])).toBeNull();
});
