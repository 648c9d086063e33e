import { describe, expect, test } from 'vitest';
import { inLongForm, isShare, withoutLongForm } from '../../../shared/model/windows-path.ts';

const deep = `C:\\${'folder\\'.repeat(40)}crm.db`;

describe('a share is told from a disk: on a share a database must not be opened in WAL mode', () => {
  test.each([
    String.raw`\\server\crm\a.db`,
    '//server/crm/a.db',
    String.raw`\\?\UNC\server\crm\a.db`,
    String.raw`\\.\unc\server\crm\a.db`,
  ])('%s is a share', (path) => {
    expect(isShare(path)).toBe(true);
  });

  test.each([
    String.raw`C:\crm\a.db`,
    String.raw`\\?\C:\crm\a.db`,
    String.raw`\\.\C:\crm\a.db`,
    String.raw`\\?\Uncle\a.db`,
    String.raw`\crm\a.db`,
  ])('%s is none', (path) => {
    expect(isShare(path)).toBe(false);
  });
});

test.each([
  [String.raw`\\?\C:\crm\a.db`, String.raw`C:\crm\a.db`],
  [String.raw`\\?\UNC\server\crm\a.db`, String.raw`\\server\crm\a.db`],
  [String.raw`\\?\unc\server\crm`, String.raw`\\server\crm`],
  [String.raw`\\?\Volume{1}\a.db`, String.raw`\\?\Volume{1}\a.db`],
  [String.raw`C:\crm\a.db`, String.raw`C:\crm\a.db`],
  ['/crm/a.db', '/crm/a.db'],
])('%s is resolved as %s', (given, plain) => {
  expect(withoutLongForm(given)).toBe(plain);
});

describe('SQLite opens what lies deeper than Windows counts', () => {
  test('a path of more than 259 characters is said to be long', () => {
    expect(inLongForm(deep)).toBe(`\\\\?\\${deep}`);
    expect(inLongForm(deep.replaceAll('\\', '/'))).toBe(`\\\\?\\${deep}`);
    const share = deep.replace('C:', String.raw`\\server`);
    expect(inLongForm(share)).toBe(`\\\\?\\UNC\\${share.slice(2)}`);
  });

  test('what fits with its journal, or says so already, stays as it is', () => {
    const longest = `C:\\${'x'.repeat(237)}`;
    expect(inLongForm(longest)).toBe(longest);
    expect(`${longest}x-journal`.length).toBeLessThan(260);
    expect(inLongForm(`${longest}x`)).not.toBe(`${longest}x`);
    expect(inLongForm(`\\\\?\\${deep}`)).toBe(`\\\\?\\${deep}`);
  });
});
