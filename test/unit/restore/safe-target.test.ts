import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveInside, toFolderName } from '../../../electron/engine/restore/safe-target.ts';

const anywhere = [
  '../outside.db',
  'a/../../outside.db',
  '..',
  '.',
  'a/./b',
  '/etc/passwd',
  'a//b',
  'a/',
  '',
  'nul\0byte.db',
  'C:outside.db',
  'c:/outside.db',
  'C:\\outside.db',
  '\\\\server\\share\\x',
  '\\outside.db',
];
const onlyOnWindows = [
  'a\\..\\..\\outside.db',
  'crm.db:stream',
  'con',
  'a/NUL.db',
  'Com1',
  'lpt9.txt',
  'COM¹.db',
  'conin$',
  'crm.db.',
  'crm.db ',
  'folder./crm.db',
  'what?.db',
  'a|b',
  'tab\t.db',
];

describe('paths of a restore point stay in the chosen folder', () => {
  test.each(anywhere)('%j is refused on every system', (path) => {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      expect(() => resolveInside('/restore', path, platform)).toThrow('target-refused');
    }
  });

  test.each(onlyOnWindows)('%j is refused on Windows and a plain name elsewhere', (path) => {
    expect(() => resolveInside('/restore', path, 'win32')).toThrow('target-refused');
    expect(resolveInside('/restore', path, 'linux')).toBe(join('/restore', path));
  });

  test.each([
    'crm.db',
    'attachments/2026/Rechnung Müller.pdf',
    '..hidden',
    'a..b/c',
    'console.log',
    '附件.db',
  ])('%j goes where it says', (path) => {
    for (const platform of ['linux', 'win32'] as const) {
      expect(resolveInside('/restore', path, platform)).toBe(join('/restore', path));
    }
  });
});

test.each([
  ['crm.db', 'crm.db'],
  ['Kunden/Alt', 'Kunden_Alt'],
  ['..', '_'],
  ['.', '_'],
  ['', '_'],
  ['aux', '_aux'],
  ['C:\\data', 'C__data'],
  ['end. ', 'end'],
  ['客户', '客户'],
])('the label %j becomes the folder %j on every system', (label, folder) => {
  expect(toFolderName(label)).toBe(folder);
});
