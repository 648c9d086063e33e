// The command line on a real share, as a person of a Linux desktop uses it; and where the share's password went: nowhere.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCommandLine, sourceCli, type CommandLine } from '../support/command-line.ts';
import { isAvailable } from '../support/machine.ts';
import { createSampleCrm } from '../support/sample-crm.ts';
import { OTHER_USER, SHARE_PASSWORD, SHARE_USER } from '../support/shares/samba-server.ts';
import { canShare } from '../support/shares/share-needs.ts';
import { useShareOffice } from '../support/shares/share-office.ts';

interface Spy {
  /** PATH with programs that write down how they were started. */
  readonly path: string;
  /** Arguments and environment of each start. */
  heard(): Promise<string>;
}

/** Stands before the system's gio. */
async function spyOnGio(folder: string): Promise<Spy> {
  const [bin, record] = [join(folder, 'bin'), join(folder, 'record')];
  await mkdir(bin);
  await writeFile(record, '');
  const script = `#!/bin/bash
tr '\\0' '\\n' </proc/$$/cmdline >>'${record}'
tr '\\0' '\\n' </proc/$$/environ >>'${record}'
exec /usr/bin/gio "$@"
`;
  await writeFile(join(bin, 'gio'), script, { mode: 0o755 });
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  return { path, heard: async () => readFile(record, 'utf8') };
}

/** Every file below `folder`, as bytes. */
async function contentOf(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Buffer.concat(
    await Promise.all(files.map(async (file) => readFile(join(file.parentPath, file.name)))),
  );
}

describe.skipIf(!canShare || !isAvailable('keytar'))('holdfast on a share', () => {
  const office = useShareOffice({ withKeyring: true });
  const { address } = office;

  async function open(): Promise<{ cli: CommandLine; crm: string; passwordFile: string }> {
    const cli = await openCommandLine(sourceCli);
    const crm = join(cli.folder, 'crm.db');
    createSampleCrm(crm, { seed: 3, size: { contacts: 50 }, journalMode: 'delete' });
    const passwordFile = join(cli.folder, 'share-password');
    await writeFile(passwordFile, `${SHARE_PASSWORD}\n`);
    return { cli, crm, passwordFile };
  }

  test('the password is given once; copies are made, checked and brought back; it is written nowhere', async () => {
    const { cli, crm, passwordFile } = await open();
    const spy = await spyOnGio(cli.folder);
    const place = `${address('copies')}/cli`;
    const output: string[] = [];
    const run = async (args: readonly string[], env: Record<string, string> = {}) => {
      const result = await cli.run([...args, '--json'], { env: { PATH: spy.path, ...env } });
      output.push(result.stdout, result.stderr);
      expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    };
    await run(['vault', 'create', place, '--share-password-file', passwordFile]);
    expect(await office.connected()).toEqual([]);
    await run(['backup', '--to', place, crm]);
    await run(['backup', '--to', place, crm], { HOLDFAST_SHARE_PASSWORD: SHARE_PASSWORD });
    await run(['verify', '--at', place, '--data']);
    const into = join(cli.folder, 'back');
    await run(['restore', 'latest', '--at', place, '--into', into]);
    expect(await readFile(join(into, 'crm.db'))).toEqual(await readFile(crm));
    expect(await office.connected()).toEqual([]);

    const heard = await spy.heard();
    expect(heard).toContain('mount');
    expect(heard).not.toContain('HOLDFAST_');
    const written = [
      ['how gio was started', Buffer.from(heard)],
      ['what was printed', Buffer.from(output.join('\n'))],
      ['the data folder', await contentOf(cli.dataFolder)],
      ['the copies', await contentOf(office.folderOf('copies'))],
    ] as const;
    const asJson = JSON.stringify(SHARE_PASSWORD).slice(1, -1);
    const asBase64 = Buffer.from(SHARE_PASSWORD).toString('base64');
    for (const [where, bytes] of written) {
      for (const secret of [SHARE_PASSWORD, asJson, asBase64]) {
        expect(bytes.includes(secret), where).toBe(false);
      }
    }
  });

  test('a user may be named beside the address, and is part of the place', async () => {
    const { cli, passwordFile } = await open();
    const plain = `${address('copies', null)}/named`;
    const named = ['--share-user', OTHER_USER, '--share-password-file', passwordFile];
    const { place } = await cli.json(['vault', 'create', plain, ...named]);
    expect(place).toBe(`${address('copies', OTHER_USER)}/named`);
    await cli.json(['vault', 'info', plain, '--share-user', OTHER_USER]);
  });

  test('what is wrong has exit code 4 and its own code', async () => {
    const { cli, passwordFile } = await open();
    const given = ['--share-password-file', passwordFile];
    const wrong = join(cli.folder, 'wrong');
    await writeFile(wrong, 'wrong\n');
    const codeOf = async (args: readonly string[]): Promise<unknown> =>
      ((await cli.json(args, 4))['failure'] as { code: unknown }).code;
    // Another spelling of the user: nothing is kept for it.
    const place = `${address('Archiv Büro')}/none`;
    expect(await codeOf(['points', '--at', place])).toBe('share-password-needed');
    expect(await codeOf(['points', '--at', place, '--share-password-file', wrong])).toBe(
      'share-refused',
    );
    expect(await codeOf(['points', '--at', address('nowhere'), ...given])).toBe('share-missing');
    expect(await codeOf(['vault', 'create', `${address('locked')}/x`, ...given])).toBe(
      'place-read-only',
    );
    const { stderr } = await cli.run(['points', '--at', address('nowhere'), ...given]);
    expect(stderr).toContain('The server has no such share');
  });

  test('an address with a password in it is refused and not repeated', async () => {
    const { cli } = await open();
    const typed = `smb://${SHARE_USER}:geheim@127.0.0.1/copies`;
    const { exitCode, stderr, stdout } = await cli.run(['points', '--at', typed]);
    expect(exitCode).toBe(2);
    expect(stderr + stdout).not.toContain('geheim');
    expect((await contentOf(cli.folder)).includes('geheim')).toBe(false);
  });
});
