/** Whatever a command around a backup did, both languages say it, with its figures. */
import { expect, test } from 'vitest';
import type { ActionEnd } from '../../../shared/model/actions.ts';
import { actionEndWords } from '../../../shared/text/action-words.ts';

const ends: { readonly [Kind in ActionEnd['kind']]: readonly [ActionEnd, shown: string] } = {
  exited: [{ kind: 'exited', code: 5 }, '5'],
  signalled: [{ kind: 'signalled', signal: 'SIGSEGV' }, 'SIGSEGV'],
  'timed-out': [{ kind: 'timed-out', limitMs: 120_000 }, '2 '],
  cancelled: [{ kind: 'cancelled' }, ''],
  'not-started': [{ kind: 'not-started', detail: 'ENOENT' }, 'ENOENT'],
};

test.each(Object.values(ends))('%j is said in both languages', (end, shown) => {
  const [en, zh] = [actionEndWords(end, 'en'), actionEndWords(end, 'zh-CN')];
  for (const text of [en, zh]) expect(text).toContain(shown);
  expect(zh).toMatch(/\p{Script=Han}/u);
  expect(en).not.toMatch(/\p{Script=Han}/u);
});

test('success does not read like a failure', () => {
  expect(actionEndWords({ kind: 'exited', code: 0 }, 'en')).toBe('it succeeded');
  expect(actionEndWords({ kind: 'exited', code: 0 }, 'zh-CN')).toBe('运行成功');
});
