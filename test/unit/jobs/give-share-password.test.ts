// The password of a share, typed anew: tried where it can be tried, and never kept in place of the right one untried.
import { expect, test } from 'vitest';
import { giveSharePasswordJob } from '../../../electron/jobs/give-share-password-job.ts';
import { createPlaces } from '../../../electron/jobs/places/places.ts';
import { createSharePasswords } from '../../../electron/jobs/places/share-passwords.ts';
import { createShareWay } from '../../../electron/jobs/places/share-way.ts';
import type { ShareConnector } from '../../../electron/platform/shares/share-connector.ts';
import { shareFailure } from '../../../electron/platform/shares/share-failures.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { createMemoryKeychain } from '../../support/memory-keychain.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const PLACE = 'smb://anna@nas/copies';
const NAME = 'share:anna@nas/copies';
const { signal } = new AbortController();

/** A server that takes one password, and a keychain that knows it. */
async function openOffice() {
  const folder = await makeTemporaryFolder();
  const keychain = createMemoryKeychain();
  keychain.secrets.set(NAME, 'right');
  const server = { password: 'right', isMountedByPerson: false };
  const connector: ShareConnector = {
    find: async () => (server.isMountedByPerson ? folder : null),
    async connect(share, password) {
      if (password !== server.password) throw shareFailure(share, { kind: 'refused' });
      return { folder, wasThere: false };
    },
    isConnected: async () => true,
    disconnect: async () => undefined,
  };
  const clock = createHandClock();
  const secrets = { given: async () => null, store: async () => keychain, ask: null };
  const sharePasswords = createSharePasswords(clock, secrets);
  const places = createPlaces(clock, [createShareWay(connector, sharePasswords)]);
  const notices: Notice[] = [];
  const notify = (notice: Notice): void => void notices.push(notice);
  const give = async (password: string) =>
    giveSharePasswordJob({ places, sharePasswords, notify }, { place: PLACE, password }, signal);
  return { give, places, keychain, server, notices };
}

test('it is tried at once: the right one is kept, a wrong one is refused and not kept', async () => {
  const { give, server, keychain } = await openOffice();
  server.password = 'newer';
  await expect(give('a guess')).rejects.toMatchObject({ failure: { code: 'share-refused' } });
  expect(keychain.secrets.get(NAME)).toBe('right');
  await expect(give('newer')).resolves.toEqual({ isTried: true, isRemembered: true });
  expect(keychain.secrets.get(NAME)).toBe('newer');
});

test('while the share is connected it is not tried, that is said, and what is kept stays', async () => {
  const { give, places, keychain, notices } = await openOffice();
  const untried = { isTried: false, isRemembered: false };
  const run = await places.hold(PLACE, null);
  await expect(give('mistyped')).resolves.toEqual(untried);
  await run[Symbol.asyncDispose]();
  // Nobody uses it any more, and it is not let go yet.
  await expect(give('mistyped')).resolves.toEqual(untried);
  expect([...keychain.secrets]).toEqual([[NAME, 'right']]);
  expect(notices).toEqual([]);
});

test('the same where the person has connected the share', async () => {
  const { give, server, keychain } = await openOffice();
  server.isMountedByPerson = true;
  await expect(give('mistyped')).resolves.toEqual({ isTried: false, isRemembered: false });
  expect(keychain.secrets.get(NAME)).toBe('right');
});
