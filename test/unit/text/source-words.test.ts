import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { failureWords } from '../../../shared/text/failure-words.ts';
import { locales } from '../../../shared/text/locale.ts';
import { formatName, lockWords } from '../../../shared/text/source-words.ts';

test('every format that the engine names has a Chinese name', async () => {
  const folder = new URL('../../../electron/engine/sources/', import.meta.url);
  const text = (
    await Promise.all(
      ['foreign-formats.ts', 'inspect-source.ts'].map((name) =>
        readFile(new URL(name, folder), 'utf8'),
      ),
    )
  ).join('');
  expect(await readdir(folder)).toContain('foreign-formats.ts');
  const names = [
    ...text.matchAll(/'((?:[A-Z]\w+ ){1,2}(?:database|log)|encrypted database)'/gu),
  ].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThanOrEqual(7);
  for (const name of [...names, 'dBase table', 'folder', 'file']) {
    expect(formatName(name, 'en')).toBe(name);
    expect(formatName(name, 'zh-CN'), name).toMatch(/\p{Script=Han}/u);
  }
});

const lock = {
  file: 'kunden.laccdb',
  users: [
    { computer: 'EMPFANG', user: 'Admin' },
    { computer: 'LAGER', user: '' },
  ],
};

test('a lock file is told with each computer and user that it names', () => {
  expect(lockWords(lock, 'en')).toBe(
    'in use on PC EMPFANG by user Admin, on PC LAGER (lock file kunden.laccdb)',
  );
  expect(lockWords(lock, 'zh-CN')).toContain('电脑 EMPFANG 上的用户 Admin、电脑 LAGER');
});

test('one that names nobody is told as another program, never as a guess', () => {
  const unknown = { file: 'kunden.ldb', users: [] };
  expect(lockWords(unknown, 'en')).toBe('in use by another program (lock file kunden.ldb)');
  expect(lockWords(unknown, 'zh-CN')).toContain('另一个程序');
});

test('who may not be restored over is told where the data is open, and what to do if it is not', () => {
  for (const locale of locales) {
    const failure = { code: 'target-in-use', path: '/srv/kunden.accdb', by: null, lock } as const;
    const { cause, nextStep } = failureWords(failure, locale);
    expect(cause).toContain('/srv/kunden.accdb');
    expect(cause).toContain('EMPFANG');
    expect(nextStep).toContain('kunden.laccdb');
    const known = failureWords({ ...failure, by: 'isql-fb (77)' }, locale);
    expect(known.cause).toContain('isql-fb (77)');
    expect(known.nextStep).not.toContain('kunden.laccdb');
  }
});
