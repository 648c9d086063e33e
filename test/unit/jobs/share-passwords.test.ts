// Passwords of shares: what was just given comes first, what was refused rests, what opened is kept under one name.
import { expect, test } from 'vitest';
import { createSharePasswords } from '../../../electron/jobs/places/share-passwords.ts';
import type { SecretChain } from '../../../electron/jobs/secret-chain.ts';
import { parseShareAddress, type ShareAddress } from '../../../shared/model/share-address.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { createMemoryKeychain } from '../../support/memory-keychain.ts';

const PLACE = 'smb://Anna@nas/Copies/crm';
const NAME = 'share:anna@nas/copies';
const { signal } = new AbortController();

function shareAt(place: string): ShareAddress {
  const share = parseShareAddress(place);
  if (share === null) throw new Error(place);
  return share;
}

function open(shares?: SecretChain['shares']) {
  const clock = createHandClock();
  const keychain = createMemoryKeychain();
  const chain = { given: async () => null, store: async () => keychain, ask: null };
  const secrets: SecretChain = shares === undefined ? chain : { ...chain, shares };
  return { clock, keychain, passwords: createSharePasswords(clock, secrets) };
}

test('nobody knows one, then the keychain, then what comes with the command, then what was just typed', async () => {
  const known = { given: null as string | null };
  const { passwords, keychain } = open({ given: async () => known.given, ask: null });
  const find = async () => passwords.find(shareAt(PLACE), signal);
  await expect(find()).resolves.toBeNull();
  keychain.secrets.set(NAME, 'of the keychain');
  await expect(find()).resolves.toBe('of the keychain');
  known.given = 'of the command';
  await expect(find()).resolves.toBe('of the command');
  passwords.offer(PLACE, 'just typed');
  await expect(find()).resolves.toBe('just typed');
  // Another folder of the same share, in another spelling.
  await expect(passwords.find(shareAt('smb://anna@NAS/copies/x'), signal)).resolves.toBe(
    'just typed',
  );
  await expect(passwords.find(shareAt('smb://bert@nas/copies'), signal)).resolves.toBe(
    'of the command',
  );
});

test('one that was refused rests for ten minutes, is not kept, and another one may be tried at once', async () => {
  const { passwords, keychain, clock } = open();
  const share = shareAt(PLACE);
  passwords.offer(PLACE, 'wrong');
  passwords.tell(share, 'wrong', 'refused');
  expect(passwords.isRefused(share, 'wrong')).toBe(true);
  expect(passwords.isRefused(share, 'right')).toBe(false);
  await expect(passwords.remember(PLACE)).resolves.toBe(false);
  expect(keychain.secrets.size).toBe(0);
  await clock.advance(10 * 60_000 - 1);
  expect(passwords.isRefused(share, 'wrong')).toBe(true);
  await clock.advance(1);
  expect(passwords.isRefused(share, 'wrong')).toBe(false);
  // Typed again by a person, it is tried at once: it may have been set at the server meanwhile.
  passwords.tell(share, 'wrong', 'refused');
  passwords.offer(PLACE, 'wrong');
  expect(passwords.isRefused(share, 'wrong')).toBe(false);
});

test('what opened the share is kept once, and only where there is something to keep', async () => {
  const { passwords, keychain } = open();
  await expect(passwords.remember('/srv/copies')).resolves.toBe(true);
  await expect(passwords.remember(PLACE)).resolves.toBe(true);
  expect(keychain.secrets.size).toBe(0);
  passwords.tell(shareAt(PLACE), 'right', 'opened');
  await expect(passwords.remember(PLACE)).resolves.toBe(true);
  expect([...keychain.secrets]).toEqual([[NAME, 'right']]);
  keychain.isLocked = true;
  passwords.tell(shareAt(PLACE), 'newer', 'opened');
  await expect(passwords.remember(PLACE)).resolves.toBe(false);
});

test('what was only typed is not kept, nor taken for one that opens; typed again after it did, it still is one', async () => {
  const { passwords, keychain } = open();
  keychain.secrets.set(NAME, 'right');
  passwords.offer(PLACE, 'mistyped');
  expect(passwords.hasOpened(PLACE, 'mistyped')).toBe(false);
  await passwords.remember(PLACE);
  expect([...keychain.secrets]).toEqual([[NAME, 'right']]);
  passwords.tell(shareAt(PLACE), 'newer', 'opened');
  passwords.offer(PLACE, 'newer');
  expect(passwords.hasOpened(PLACE, 'newer')).toBe(true);
  await passwords.remember(PLACE);
  expect([...keychain.secrets]).toEqual([[NAME, 'newer']]);
});

test('a person is asked once for each share', async () => {
  const asked: string[] = [];
  const ask = async (share: string): Promise<string> => {
    asked.push(share);
    return 'typed';
  };
  const { passwords, keychain } = open({ given: async () => null, ask });
  keychain.secrets.set(NAME, 'of last year');
  const share = shareAt(PLACE);
  await expect(passwords.find(share, signal)).resolves.toBe('of last year');
  await expect(passwords.askAgain(share)).resolves.toBe('typed');
  await expect(passwords.askAgain(share)).resolves.toBeNull();
  expect(asked).toEqual(['smb://Anna@nas/Copies']);
});
