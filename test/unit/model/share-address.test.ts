// One spelling for each address of a share, and never a password in it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placePathSchema } from '../../../shared/model/place.ts';
import {
  formatShareAddress,
  parseShareAddress,
  parseShareUser,
  shareOfUnc,
  type ShareAddress,
} from '../../../shared/model/share-address.ts';

const spelled = (text: string): string | null => {
  const share = parseShareAddress(text);
  return share === null ? null : formatShareAddress(share);
};

describe('the address of a share', () => {
  test.each([
    ['smb://nas/copies', 'smb://nas/copies'],
    ['SMB://NAS/Copies/', 'smb://nas/Copies'],
    ['smb://anna@nas:445/copies//crm/', 'smb://anna@nas/copies/crm'],
    ['smb://anna@nas:4450/copies', 'smb://anna@nas:4450/copies'],
    ['smb://OFFICE;anna@nas/copies', 'smb://OFFICE;anna@nas/copies'],
    ['smb://OFFICE%5Canna@nas/copies', 'smb://OFFICE;anna@nas/copies'],
    ['smb://anna%40office.example@nas/copies', 'smb://anna%40office.example@nas/copies'],
    ['smb://nas/our copies/备份', 'smb://nas/our%20copies/%E5%A4%87%E4%BB%BD'],
    ['smb://nas/bu\u0308ro', 'smb://nas/b%C3%BCro'],
    ['smb://[fe80::1]/copies', 'smb://[fe80::1]/copies'],
    ['smb://192.168.1.5/c$', 'smb://192.168.1.5/c%24'],
  ])('%s is written %s', (typed, written) => {
    expect(spelled(typed)).toBe(written);
    expect(spelled(written)).toBe(written);
  });

  test.each([
    'smb://anna:secret@nas/copies',
    'smb://anna%3Asecret@nas/copies',
    'smb://nas',
    'smb://nas/',
    'smb:///copies',
    'smb://@nas/copies',
    'smb://nas:0/copies',
    'smb://nas:70000/copies',
    'smb://nas/copies/../other',
    'smb://nas/copies/%2e%2e/other',
    'smb://nas/co%2Fpies',
    'smb://nas/copies/a\\b',
    'smb://nas/copies/a:b',
    'smb://nas/copies/%00',
    'smb://nas/copies/bad%zz',
    'smb://nas/copies/dot.',
    'smb://-nas/copies',
    'ftp://nas/copies',
    '/mnt/copies',
  ])('%s is refused', (typed) => {
    expect(spelled(typed)).toBeNull();
  });

  test('whatever an address holds, reading what was written gives it back', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((text) => text.normalize('NFC'))
      .filter((text) => !/[<>:"/\\|?*;@\p{Cc}\p{Cs}]|^[\s.]|[\s.]$/u.test(text));
    const address = fc.record<ShareAddress>({
      user: fc.option(name),
      domain: fc.constant(null),
      server: fc.constantFrom('nas', '10.0.0.2', 'files.office.example', '[::1]'),
      port: fc.option(fc.integer({ min: 1, max: 65_535 }).filter((port) => port !== 445)),
      share: name,
      folders: fc.array(name, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(address, (share) => {
        expect(parseShareAddress(formatShareAddress(share))).toEqual(share);
      }),
    );
  });

  test('a UNC path and a user are an address', () => {
    const typed = shareOfUnc('\\\\NAS\\Copies\\crm\\', 'OFFICE\\anna');
    expect(typed === null ? null : formatShareAddress(typed)).toBe(
      'smb://OFFICE;anna@nas/Copies/crm',
    );
    expect(shareOfUnc('C:\\copies', 'anna')).toBeNull();
    expect(shareOfUnc('\\\\?\\C:\\copies', 'anna')).toBeNull();
  });

  test('users with and without a domain', () => {
    expect(parseShareUser('anna')).toEqual({ user: 'anna', domain: null });
    expect(parseShareUser('OFFICE\\anna')).toEqual({ user: 'anna', domain: 'OFFICE' });
    expect(parseShareUser('anna:secret')).toBeNull();
    expect(parseShareUser('')).toBeNull();
  });
});

describe('a place', () => {
  test.each([
    ['/srv/copies', '/srv/copies'],
    ['C:\\copies', 'C:\\copies'],
    ['\\\\nas\\copies\\crm', '\\\\nas\\copies\\crm'],
    ['SMB://NAS/copies/', 'smb://nas/copies'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(placePathSchema.parse(typed)).toBe(kept);
  });

  test.each(['copies', 'smb://anna:secret@nas/copies', 's3://bucket/copies', '/srv/\0'])(
    '%j is none, and what is wrong does not repeat it',
    (typed) => {
      const parsed = placePathSchema.safeParse(typed);
      expect(parsed.success).toBe(false);
      expect(parsed.error?.message).not.toContain('secret');
    },
  );
});
