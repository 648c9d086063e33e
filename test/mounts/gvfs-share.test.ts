// A network share on a Linux desktop: real Samba and GNOME's real file system layer. What connecting says, one by one.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGioShares } from '../../electron/platform/shares/gio-shares.ts';
import type { ConnectedShare } from '../../electron/platform/shares/share-connector.ts';
import { failureOf as failureIn } from '../../shared/model/backup-error.ts';
import { parseShareAddress, type ShareAddress } from '../../shared/model/share-address.ts';
import { OTHER_USER, SHARE_PASSWORD, SHARE_USER } from '../support/shares/samba-server.ts';
import { canShare } from '../support/shares/share-needs.ts';
import { useShareOffice } from '../support/shares/share-office.ts';

describe.skipIf(!canShare)('connecting by gio', () => {
  const office = useShareOffice();
  const { address } = office;
  const shares = createGioShares();

  const shareAt = (text: string): ShareAddress => {
    const share = parseShareAddress(text);
    if (share === null) throw new Error(text);
    return share;
  };
  const connect = async (text: string, password: string | null): Promise<ConnectedShare> =>
    shares.connect(shareAt(text), password, new AbortController().signal);
  const failureOf = async (text: string, password: string | null): Promise<unknown> =>
    connect(text, password).then(
      () => 'no failure',
      (error: unknown) => failureIn(error),
    );

  test('a share is connected, found, and let go', async () => {
    const share = shareAt(address('copies'));
    expect(await shares.find(share)).toBeNull();
    const { folder, wasThere } = await connect(address('copies'), SHARE_PASSWORD);
    expect(wasThere).toBe(false);
    expect(await shares.find(share)).toBe(folder);
    await mkdir(join(folder, 'made'));
    expect(await readdir(office.folderOf('copies'))).toContain('made');
    await expect(connect(address('copies'), null)).resolves.toEqual({ folder, wasThere: true });
    await shares.disconnect(share, folder);
    expect(await shares.find(share)).toBeNull();
  });

  test('a wrong password, and a user that the server does not know', async () => {
    const refused = { code: 'share-refused', place: address('copies'), user: SHARE_USER };
    expect(await failureOf(address('copies'), 'wrong')).toEqual(refused);
    expect(await failureOf(address('copies', 'nobody-here'), SHARE_PASSWORD)).toMatchObject({
      code: 'share-refused',
      user: 'nobody-here',
    });
    expect(await failureOf(address('copies', null), null)).toMatchObject({
      code: 'share-refused',
      user: null,
    });
    expect(await office.connected()).toEqual([]);
  });

  test('a password that nobody knows is asked for, not guessed', async () => {
    expect(await failureOf(address('copies'), null)).toEqual({
      code: 'share-password-needed',
      place: address('copies'),
      user: SHARE_USER,
    });
  });

  test('a share that the server does not have', async () => {
    expect(await failureOf(address('nowhere'), SHARE_PASSWORD)).toEqual({
      code: 'share-missing',
      place: address('nowhere'),
    });
  });

  test('a server that does not listen, and one that is not there', async () => {
    const place = 'smb://games@127.0.0.1:9/copies';
    expect(await failureOf(place, SHARE_PASSWORD)).toMatchObject({
      code: 'place-unreachable',
      place,
      detail: expect.stringContaining('refused'),
    });
    expect(await failureOf('smb://games@no-such-server.invalid/x', SHARE_PASSWORD)).toMatchObject({
      code: 'place-unreachable',
      detail: 'the server was not found',
    });
  });

  test('a name with blanks and letters beyond ASCII', async () => {
    const { folder } = await connect(address('Archiv Büro'), SHARE_PASSWORD);
    await mkdir(join(folder, '备份'));
    expect(await readdir(office.folderOf('Archiv Büro'))).toContain('备份');
    await shares.disconnect(shareAt(address('Archiv Büro')), folder);
  });

  test('two users of one share at once keep out of each other’s way', async () => {
    const other = address('copies', OTHER_USER);
    const first = await connect(address('copies'), SHARE_PASSWORD);
    const second = await connect(other, SHARE_PASSWORD);
    expect(second.folder).not.toBe(first.folder);
    await shares.disconnect(shareAt(address('copies')), first.folder);
    expect(await shares.find(shareAt(other))).toBe(second.folder);
    await shares.disconnect(shareAt(other), second.folder);
  });
});
