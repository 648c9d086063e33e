/** A script that runs Holdfast at night goes by its exit code alone: each one is brought about for real. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import { takeLease } from '../../electron/engine/vault/lease.ts';
import { openVault } from '../../electron/engine/vault/open-vault.ts';
import { readProcessIdentity } from '../../electron/engine/vault/process-identity.ts';
import { openCommandLine, parseDocument, type CommandLine } from '../support/command-line.ts';
import { holdDatabase, longPatienceEnv } from '../support/hold-database.ts';
import { isAvailable } from '../support/machine.ts';
import { createLedger } from '../support/quiet-database.ts';
import { realClock } from '../support/test-clock.ts';
import { TEST_PASSPHRASE } from '../support/test-engine.ts';

async function withDatabase(): Promise<CommandLine & { readonly database: string }> {
  const cli = await openCommandLine();
  const database = join(cli.folder, 'crm.db');
  createLedger(database, { rows: 200, seed: 1 });
  return { ...cli, database };
}

/** The failure code in the JSON answer, after the exit code was checked. */
async function failureOf(
  cli: CommandLine,
  args: readonly string[],
  exitCode: number,
  options = {},
) {
  const document = await cli.json(args, exitCode, options);
  expect(document['ok']).toBe(false);
  return (document['failure'] as { readonly code: string }).code;
}

const largestFile = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const [first] = files;
  if (first === undefined) throw new Error(`no file in ${folder}`);
  return join(first.parentPath, first.name);
};

describe('the exit code of a backup', () => {
  test('is 0 when it is done, and 1 when something is wrong that nobody foresaw', async () => {
    const cli = await withDatabase();
    expect(await cli.json(['backup', '--to', cli.place, cli.database])).toMatchObject({ ok: true });
    await writeFile(join(cli.folder, 'no-folder'), '');
    const env = { HOLDFAST_DATA_DIR: join(cli.folder, 'no-folder/data') };
    const code = await failureOf(cli, ['backup', '--to', cli.place, cli.database], 1, { env });
    expect(code).toBe('unexpected');
  });

  test.each([
    ['no command', []],
    ['an unknown command', ['bakcup']],
    ['an unknown option', ['backup', '--to', 'vault', 'crm.db', '--quick']],
    ['a missing option', ['backup', 'crm.db']],
    ['an unknown kind', ['backup', '--to', 'vault', '--kind', 'partial', 'crm.db']],
    ['no source', ['backup', '--to', 'vault']],
    ['a point that is none', ['show', 'yesterday', '--at', 'vault']],
    ['a date that is none', ['show', '2026-02-30', '--at', 'vault']],
    ['no keep rule', ['forget', '--at', 'vault']],
    ['a keep rule of nothing', ['forget', '--at', 'vault', '--keep-last', '0']],
    ['a plan file that is not there', ['plan', 'create', 'none.json']],
    ['a plan that is not there', ['run', 'Office']],
  ])('is 2 for wrong usage, with a hint: %s', async (_, args) => {
    const cli = await openCommandLine();
    const { exitCode, stdout, stderr } = await cli.run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/--help|list of plans/u);
    expect(await cli.json(args, 2)).toMatchObject({ ok: false, failure: { code: /./u } });
  });

  test('is 3 when one of several sources could not be read, and the others are safe', async () => {
    const cli = await withDatabase();
    const none = join(cli.folder, 'gone.db');
    const answer = await cli.json(['backup', '--to', cli.place, cli.database, none], 3);
    expect(answer).toMatchObject({
      ok: false,
      failure: { code: 'source-missing' },
      point: { kind: 'full' },
      sources: [{ name: 'crm.db' }],
      problems: [{ source: 'gone.db', failure: { code: 'source-missing', path: none } }],
    });
    const { points } = await cli.json(['points', '--at', cli.place]);
    expect(points).toMatchObject([{ problems: 1 }]);
  });

  test('is 4 when the place is not there, or holds no vault', async () => {
    const cli = await withDatabase();
    const backup = (place: string) => ['backup', '--to', join(cli.folder, place), cli.database];
    expect(await failureOf(cli, backup('unplugged'), 4)).toBe('place-missing');
    await mkdir(join(cli.folder, 'empty'));
    expect(await failureOf(cli, backup('empty'), 4)).toBe('vault-missing');
    expect(await readdir(join(cli.folder, 'empty'))).toEqual([]);
  });

  test('is 5 for a wrong passphrase, a wrong or mistyped recovery key, and none at all', async () => {
    const cli = await withDatabase();
    const args = ['backup', '--to', cli.place, cli.database];
    const withEnv = (env: Record<string, string | undefined>) => ({ env });
    expect(await failureOf(cli, args, 5, withEnv({ HOLDFAST_PASSPHRASE: 'no' }))).toBe('key-wrong');
    const key = (text: string) =>
      withEnv({ HOLDFAST_PASSPHRASE: undefined, HOLDFAST_RECOVERY_KEY: text });
    const other = await openCommandLine();
    expect(await failureOf(cli, args, 5, key(other.recoveryKey))).toBe('key-wrong');
    const mistyped = cli.recoveryKey.replace(/^./u, (c) => (c === '7' ? '8' : '7'));
    expect(await failureOf(cli, args, 5, key(mistyped))).toBe('recovery-key-mistyped');
    const without = withEnv({ HOLDFAST_PASSPHRASE: undefined });
    expect(await failureOf(cli, args, 5, without)).toBe('key-needed');
    await cli.json(args, 0, key(cli.recoveryKey));
  });

  test('is 6 when the vault is damaged', async () => {
    const cli = await withDatabase();
    await cli.json(['backup', '--to', cli.place, cli.database]);
    await truncate(await largestFile(join(cli.place, 'packs')), 5000);
    expect(await failureOf(cli, ['verify', '--at', cli.place, '--data'], 6)).toBe('vault-damaged');
    await rm(join(cli.place, 'keys'), { recursive: true });
    const again = ['backup', '--to', cli.place, cli.database];
    expect(await failureOf(cli, again, 6)).toBe('vault-damaged');
  });

  test('is 7 while another process is at work on the vault', async () => {
    const cli = await withDatabase();
    const surroundings = { clock: realClock, random: randomBytes };
    const storage = await openFolderStorage({ root: cli.place, ...surroundings });
    const secret = { kind: 'passphrase', passphrase: TEST_PASSPHRASE } as const;
    const report = (): void => undefined;
    const vault = await openVault(storage, secret, surroundings, report);
    const owner = readProcessIdentity();
    const lease = await takeLease(vault, { purpose: 'backup', owner, report, waitMs: 0 });
    const args = ['backup', '--to', cli.place, cli.database];
    expect(await failureOf(cli, args, 7)).toBe('vault-busy');
    await lease.end([]);
    await lease[Symbol.asyncDispose]();
    await cli.json(args);
  });

  test('is 9 when no source is there', async () => {
    const cli = await openCommandLine();
    const args = ['backup', '--to', cli.place, join(cli.folder, 'none.db')];
    expect(await failureOf(cli, args, 9)).toBe('source-missing');
    expect(await cli.json(['points', '--at', cli.place])).toMatchObject({ points: [] });
  });
});

describe('a folder on a mount of its own', () => {
  test.skipIf(!isAvailable('mount'))('exit code 8 when the place is full', async () => {
    const cli = await openCommandLine();
    const database = join(cli.folder, 'crm.db');
    createLedger(database, { rows: 20_000, seed: 1 });
    const disk = join(cli.folder, 'disk');
    await mkdir(disk);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]).status).toBe(0);
    onTestFinished(() => void spawnSync('umount', ['-l', disk]));
    const place = join(disk, 'vault');
    spawnSync('cp', ['-r', cli.place, place]);
    expect(await failureOf(cli, ['backup', '--to', place, database], 8)).toBe('place-full');
    expect(await cli.json(['points', '--at', place])).toMatchObject({ points: [] });
  });
});

describe('a cancelled backup', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s: 130, and nothing half is left', async (signal) => {
    const cli = await openCommandLine();
    const database = join(cli.folder, 'crm.db');
    createLedger(database, { rows: 300, seed: 1 });
    await cli.json(['backup', '--to', cli.place, database]);
    await rm(database);
    createLedger(database, { rows: 12_000, seed: 2 });
    // It stands still at the second source, with a pack begun.
    const held = join(cli.folder, 'held.db');
    createLedger(held, { rows: 10, seed: 3 });
    await holdDatabase(held);
    const before = await readdir(join(cli.place, 'points'));
    const result = await cli.run(
      ['backup', '--to', cli.place, '--kind', 'full', database, held, '--json'],
      {
        env: longPatienceEnv,
        onStart: (child) => void signalWhenWriting(cli.place, () => child.kill(signal)),
      },
    );
    expect(result.exitCode).toBe(130);
    expect(parseDocument(result.stdout)).toMatchObject({
      ok: false,
      failure: { code: 'cancelled' },
    });
    expect(await readdir(join(cli.place, 'points'))).toEqual(before);
    const left = await readdir(cli.place, { recursive: true });
    expect(left.filter((name) => /tmp-/u.test(name))).toEqual([]);
    await cli.json(['verify', '--at', cli.place, '--data']);
    const { runs } = await cli.json(['history']);
    expect(runs).toMatchObject([{}, { kind: 'backup', state: 'cancelled' }, { state: 'ok' }]);
    await cli.json(['backup', '--to', cli.place, database]);
  });
});

/** Acts as soon as a pack is being written. */
async function signalWhenWriting(place: string, act: () => void): Promise<void> {
  const names = async () => readdir(join(place, 'packs'), { recursive: true });
  await expect.poll(async () => (await names()).some((name) => name.includes('tmp-'))).toBe(true);
  act();
}
