// What the systems' own programs are told about a share, what they answer, and that a password is told to nobody else.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answerGio, readGioTrouble } from '../../../electron/platform/shares/gio-dialogue.ts';
import { findGvfsMount } from '../../../electron/platform/shares/gvfs-mounts.ts';
import {
  findMacMount,
  mountScript,
  readMountTrouble,
} from '../../../electron/platform/shares/osascript-script.ts';
import {
  encodeShareWish,
  powershellArguments,
  readPowershellAnswer,
  uncPath,
} from '../../../electron/platform/shares/powershell-script.ts';
import { runShareTool, sayAll } from '../../../electron/platform/shares/run-share-tool.ts';
import { shareFailure } from '../../../electron/platform/shares/share-failures.ts';
import { parseShareAddress, type ShareAddress } from '../../../shared/model/share-address.ts';

const PASSWORD = `p"ä\\s's$(x)`;

function shareAt(text: string): ShareAddress {
  const share = parseShareAddress(text);
  if (share === null) throw new Error(text);
  return share;
}

describe('gio', () => {
  const login = { user: 'anna', domain: null, password: PASSWORD };

  test('each question has its answer, once', () => {
    const answer = answerGio(login);
    expect(answer('')).toBeNull();
    const first = 'Authentication Required\nEnter password:\nDomain [OFFICE]: ';
    expect(answer(first)).toEqual({ say: 'OFFICE\n' });
    expect(answer(first)).toBeNull();
    expect(answer(`${first}Password: `)).toEqual({ say: `${PASSWORD}\n` });
  });

  test('the user’s own domain stands above the one that is offered', () => {
    const answer = answerGio({ ...login, domain: 'HOME' });
    expect(answer('Authentication Required\nUser [guest]: ')).toEqual({ say: 'anna\n' });
    expect(answer('Authentication Required\nUser [guest]: Domain [OFFICE]: ')).toEqual({
      say: 'HOME\n',
    });
  });

  test('a question that comes again means that the answer was wrong', () => {
    const answer = answerGio(login);
    const once = 'Authentication Required\nDomain [OFFICE]: Password: ';
    answer(once);
    expect(answer(`${once}\nAuthentication Required\n`)).toBe('stop');
  });

  // As Debian's gvfs 1.50 says it.
  test.each([
    ['No such file or directory', { kind: 'no-such-share' }],
    ['Permission denied', { kind: 'refused' }],
    ['Anonymous access denied', { kind: 'refused' }],
    [
      'Connection refused',
      { kind: 'unreachable', detail: 'Failed to mount Windows share: Connection refused' },
    ],
    ['Invalid argument', { kind: 'unreachable', detail: 'the server was not found' }],
  ])('"%s" is told', (words, trouble) => {
    const output = `gio: smb://anna@nas/copies/: Failed to mount Windows share: ${words}\n`;
    expect(readGioTrouble(output)).toEqual(trouble);
  });

  test('a missing package is named', () => {
    const output = 'gio: smb://nas/copies/: The specified location is not supported\n';
    expect(readGioTrouble(output)).toEqual({ kind: 'tool-missing', needs: 'gvfs-backends' });
  });

  const mine = 'smb-share:port=4450,server=nas,share=our%20copies,user=anna';
  test.each([
    ['smb://anna@nas:4450/our copies', [mine], mine],
    ['smb://ANNA@NAS:4450/Our Copies', [mine], mine],
    ['smb://nas:4450/our copies', [mine], mine],
    ['smb://bert@nas:4450/our copies', [mine], null],
    ['smb://anna@nas/our copies', [mine], null],
    ['smb://anna@nas:4450/other', [mine], null],
    ['smb://OFFICE;anna@nas:4450/our copies', [`${mine},domain=OFFICE`], `${mine},domain=OFFICE`],
    ['smb://OFFICE;anna@nas:4450/our copies', [`${mine},domain=HOME`], null],
    ['smb://anna@nas:4450/our copies', ['sftp:host=nas', 'smb-share:%zz=1'], null],
  ])('%s among %j', (address, names, found) => {
    expect(findGvfsMount(names, shareAt(address))).toBe(found);
  });
});

describe('PowerShell', () => {
  test('everything comes on standard input, nothing in arguments', () => {
    const share = shareAt('smb://OFFICE;anna@nas:4450/our copies');
    const line = encodeShareWish({ verb: 'add', share, password: PASSWORD });
    expect(JSON.parse(Buffer.from(line, 'base64').toString('utf8'))).toEqual({
      verb: 'add',
      path: '\\\\nas\\our copies',
      user: 'OFFICE\\anna',
      password: PASSWORD,
      port: 4450,
    });
    const script = Buffer.from(powershellArguments.at(-1) ?? '', 'base64').toString('utf16le');
    expect(script).toContain('New-SmbMapping @login');
    expect(script).toContain('[Console]::In.ReadLine()');
    expect(script).not.toContain('anna');
  });

  test.each([
    ['smb://nas/copies', '\\\\nas\\copies'],
    ['smb://[fe80::1]/copies', '\\\\fe80--1.ipv6-literal.net\\copies'],
  ])('%s is %s', (address, path) => {
    expect(uncPath(shareAt(address))).toBe(path);
  });

  test.each([
    [1326, 'refused'],
    [86, 'refused'],
    [67, 'no-such-share'],
    [1219, 'other-user'],
    [53, 'unreachable'],
    [64, 'unreachable'],
    [1231, 'unreachable'],
  ])('error %d is %s', (number, kind) => {
    const output = `holdfast:failed Windows System Error ${number},New-SmbMapping | Meldung in Deutsch\r\n`;
    expect(readPowershellAnswer(output)).toMatchObject({ kind: 'trouble', trouble: { kind } });
  });

  test.each([
    ['holdfast:connected\r\n', { kind: 'connected', wasThere: false }],
    ['holdfast:was-there\r\n', { kind: 'connected', wasThere: true }],
    ['holdfast:removed\r\n', { kind: 'removed' }],
  ])('%j', (output, answer) => {
    expect(readPowershellAnswer(output)).toEqual(answer);
  });
});

describe('AppleScript', () => {
  test('a password cannot end its own quotes', () => {
    const script = mountScript(shareAt('smb://anna@nas/our copies'), 'a"b\\c');
    expect(script).toBe(
      'POSIX path of (mount volume "smb://nas/our%20copies" as user name "anna" with password "a\\"b\\\\c")\n',
    );
  });

  test.each([
    [-5023, 'refused'],
    [-35, 'no-such-share'],
    [-36, 'unreachable'],
  ])('error %d is %s', (number, kind) => {
    expect(readMountTrouble(`-:0:40: execution error: Words. (${number})\n`)).toMatchObject({
      kind,
    });
  });

  test('a mount is found by server, share and user', () => {
    const printed = [
      '/dev/disk3s1 on / (apfs, local)',
      '//anna@nas/our%20copies on /Volumes/our copies (smbfs, nodev, nosuid)',
    ].join('\n');
    expect(findMacMount(printed, shareAt('smb://anna@nas/our copies'))).toBe('/Volumes/our copies');
    expect(findMacMount(printed, shareAt('smb://bert@nas/our copies'))).toBeNull();
    expect(findMacMount(printed, shareAt('smb://anna@nas/other'))).toBeNull();
  });
});

describe('a program that is told a secret', () => {
  const tool = { arguments: [], withinMs: 30_000 } as const;

  test.skipIf(!existsSync('/proc/self/environ'))(
    'has it in no argument and no variable, and none of ours',
    async () => {
      process.env['HOLDFAST_SHARE_PASSWORD'] = PASSWORD;
      const script = 'cat /proc/$$/cmdline /proc/$$/environ; read -r said; echo "[$said]"';
      const end = await runShareTool({
        ...tool,
        program: 'sh',
        arguments: ['-c', script],
        answer: sayAll(`${PASSWORD}\n`),
      });
      delete process.env['HOLDFAST_SHARE_PASSWORD'];
      const output = end.kind === 'ended' ? end.output : '';
      expect(output).toContain(`[${PASSWORD}]`);
      expect(output.replace(`[${PASSWORD}]`, '')).not.toContain(PASSWORD);
      expect(output).not.toContain('HOLDFAST_');
      expect(output).toContain('LC_ALL=C');
    },
  );

  test('a failure does not repeat it, whatever the system says', () => {
    // One that looks the same in JSON.
    const password = 'plain(secret)';
    const trouble = { kind: 'unreachable', detail: `cannot log on with ${password}` } as const;
    const { failure, message } = shareFailure(shareAt('smb://anna@nas/x'), trouble, password);
    expect(failure).toMatchObject({ detail: 'cannot log on with ***' });
    expect(message).not.toContain(password);
  });

  test('a program that is not there, one that hangs, one that is cancelled', async () => {
    const answer = (): null => null;
    await expect(
      runShareTool({ ...tool, program: 'no-such-program-here', answer }),
    ).resolves.toEqual({ kind: 'missing' });
    const hanging = { ...tool, program: process.execPath, answer };
    const forEver = ['-e', 'setInterval(() => {}, 1000)'];
    await expect(
      runShareTool({ ...hanging, arguments: forEver, withinMs: 300 }),
    ).resolves.toMatchObject({ kind: 'too-late' });
    const cancelling = new AbortController();
    const run = runShareTool({ ...hanging, arguments: forEver, signal: cancelling.signal });
    cancelling.abort();
    await expect(run).resolves.toEqual({ kind: 'cancelled' });
  });
});
