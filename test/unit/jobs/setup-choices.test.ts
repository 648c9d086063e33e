// What setup decides without asking: names of folders, passphrases, which databases come first.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { rankSources } from '../../../electron/jobs/rank-sources.ts';
import { suggestPassphrase } from '../../../electron/jobs/suggest-passphrase.ts';
import {
  isWorthlessFolder,
  mayBeDatabase,
  usualFolders,
} from '../../../electron/jobs/usual-folders.ts';
import { vaultFolderName } from '../../../electron/jobs/vault-folder-name.ts';
import { passphraseWords } from '../../../shared/text/passphrase-words.ts';

test.each([
  ['Office', 'Office'],
  ['客户 数据库', '客户 数据库'],
  ['a/b\\c:d*e?"<f>|g', 'a b c d e f g'],
  ['  .hidden. . ', 'hidden'],
  ['ends with dot.', 'ends with dot'],
  ['con', 'Holdfast con'],
  ['LPT1.txt', 'Holdfast LPT1.txt'],
  ['console', 'console'],
  ['???', 'Holdfast'],
  ['..', 'Holdfast'],
  ['line\nbreak\u0000', 'line break'],
])('a vault of the plan %j gets the folder %j', (plan, folder) => {
  expect(vaultFolderName(plan)).toBe(folder);
});

test('a long name is cut between signs, below what any file system takes', () => {
  const name = vaultFolderName('数'.repeat(200));
  expect(Buffer.byteLength(name)).toBe(120);
  expect(name).toBe('数'.repeat(40));
});

test('the words are as many as the passphrase counts on, and each is plain', () => {
  expect(passphraseWords).toHaveLength(1024);
  expect(new Set(passphraseWords).size).toBe(1024);
  expect(passphraseWords.filter((word) => !/^[a-z]{3,6}$/u.test(word))).toEqual([]);
});

test('a suggested passphrase is six words by the given random numbers', () => {
  const words = suggestPassphrase(randomBytes).split('-');
  expect(words).toHaveLength(6);
  expect(words.every((word) => passphraseWords.includes(word))).toBe(true);
  expect(suggestPassphrase(randomBytes)).not.toBe(words.join('-'));
  // Both bytes count: the last word of the list can be drawn.
  const last = suggestPassphrase((length) => Buffer.alloc(length, 255));
  expect(last.split('-')[0]).toBe(passphraseWords.at(-1));
});

test('what looks like the CRM comes first', () => {
  const nowMs = Date.UTC(2026, 0, 5);
  const source = (path: string, bytes: number, ageDays: number, format = 'SQLite database') => ({
    path,
    format,
    bytes,
    modifiedAtMs: nowMs - ageDays * 86_400_000,
  });
  const crm = source('/home/a/Documents/office/crm.db', 1024 ** 3, 0);
  const old = source('/home/a/Documents/crm-2019.db', 1024 ** 2, 2000);
  const notes = source('/home/a/.local/share/notes/notes.db', 1024 ** 2, 1);
  const blob = source('/home/a/Documents/x.dat', 1024 ** 2, 1, 'encrypted database');
  const ranked = rankSources([blob, notes, old, crm], nowMs);
  expect(ranked.map(({ path }) => path)).toEqual([crm, old, notes, blob].map(({ path }) => path));
});

test.each(['node_modules', 'Cache', '.git', '$RECYCLE.BIN', 'Code Cache', 'Mozilla', 'Holdfast'])(
  '%s is not searched',
  (name) => expect(isWorthlessFolder(name)).toBe(true),
);
test.each(['Documents', 'CRM', '客户', 'data'])('%s is searched', (name) =>
  expect(isWorthlessFolder(name)).toBe(false),
);
test.each(['crm.db-wal', 'crm.db-journal', 'letter.DOCX', '.hidden'])('%s is not opened', (name) =>
  expect(mayBeDatabase(name)).toBe(false),
);
test.each(['crm.db', 'KUNDEN.MDB', 'customers', 'a.b.crm'])('%s is looked into', (name) =>
  expect(mayBeDatabase(name)).toBe(true),
);

test('folders are those of the platform', () => {
  const windows = usualFolders({
    platform: 'win32',
    home: 'C:\\Users\\a',
    env: { APPDATA: 'C:\\Users\\a\\AppData\\Roaming', PROGRAMDATA: 'C:\\ProgramData' },
  }).map(({ path }) => path);
  expect(windows).toEqual(
    expect.arrayContaining([
      'C:\\Users\\a\\Documents',
      'C:\\Users\\a\\AppData\\Roaming',
      'C:\\ProgramData',
      'C:\\',
    ]),
  );
  const linux = usualFolders({ platform: 'linux', home: '/home/a', env: {} });
  expect(linux.map(({ path }) => path)).toContain('/home/a/.local/share');
});
