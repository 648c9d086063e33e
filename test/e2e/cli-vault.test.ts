/** Making a vault and changing what opens it: whoever loses the passphrase must still get in, and nobody else. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCommandLine } from '../support/command-line.ts';
import { createLedger } from '../support/quiet-database.ts';

const withoutPassphrase = { HOLDFAST_PASSPHRASE: undefined };

test('a new vault shows its recovery key once, and that key alone opens it', async () => {
  const cli = await openCommandLine();
  const place = join(cli.folder, 'new');
  const created = await cli.json(['vault', 'create', place]);
  expect(created).toMatchObject({
    ok: true,
    place,
    vaultId: expect.stringMatching(/^[0-9a-f]{32}$/u),
  });
  const key = created['recoveryKey'] as string;
  expect(key).toMatch(/^(?:[0-9A-Z]{5}-){7}[0-9A-Z]{5}$/u);
  const env = {
    ...withoutPassphrase,
    HOLDFAST_RECOVERY_KEY: key.toLowerCase().replaceAll('-', ' '),
  };
  expect(await cli.json(['vault', 'info', place], 0, { env })).toMatchObject({ points: 0 });
  const files = await readFile(join(place, 'holdfast-vault.json'), 'utf8');
  expect(files).not.toContain(key);
  const { stdout } = await cli.run(['history', '--json']);
  expect(stdout).not.toContain(key.slice(0, 11));
});

test('a vault is never made over anything', async () => {
  const cli = await openCommandLine();
  expect(await cli.json(['vault', 'create', cli.place], 2)).toMatchObject({
    failure: { code: 'vault-exists' },
  });
  const photos = join(cli.folder, 'photos');
  await mkdir(photos);
  await writeFile(join(photos, 'cat.jpg'), 'meow');
  expect(await cli.json(['vault', 'create', photos], 2)).toMatchObject({
    failure: { code: 'place-in-use' },
  });
  expect(await readFile(join(photos, 'cat.jpg'), 'utf8')).toBe('meow');
  const unplugged = join(cli.folder, 'not-mounted/vault');
  expect(await cli.json(['vault', 'create', unplugged], 4)).toMatchObject({
    failure: { code: 'place-missing', place: join(cli.folder, 'not-mounted') },
  });
});

test('the passphrase comes from a file as well, and the file wins over the environment', async () => {
  const cli = await openCommandLine();
  const file = join(cli.folder, 'passphrase.txt');
  await writeFile(file, '\u{feff}Straße 東京 ①\r\nsecond line\n');
  const place = join(cli.folder, 'new');
  await cli.json(['vault', 'create', place, '--passphrase-file', file]);
  // NFKC: what another keyboard types for the same characters opens it too.
  const env = { HOLDFAST_PASSPHRASE: 'Straße 東京 1' };
  await cli.json(['vault', 'info', place], 0, { env });
  await cli.json(['vault', 'info', place], 5);
  await cli.json(['--passphrase-file', file, 'vault', 'info', place]);
  expect(await cli.json(['vault', 'info', place, '--passphrase-file', 'none'], 2)).toMatchObject({
    failure: { code: 'usage' },
  });
});

test('a changed passphrase shuts the old one out, and the data stays readable', async () => {
  const cli = await openCommandLine();
  const database = join(cli.folder, 'crm.db');
  createLedger(database, { rows: 50, seed: 1 });
  await cli.json(['backup', '--to', cli.place, database]);
  const newOne = { HOLDFAST_PASSPHRASE: 'another one' };
  await cli.json(['key', 'change', '--at', cli.place], 0, {
    env: { HOLDFAST_NEW_PASSPHRASE: 'another one' },
  });
  await cli.json(['points', '--at', cli.place], 5);
  expect(await cli.json(['points', '--at', cli.place], 0, { env: newOne })).toMatchObject({
    points: [{ kind: 'full' }],
  });
  await cli.json(['verify', '--at', cli.place, '--data'], 0, { env: newOne });
  const byKey = { ...withoutPassphrase, HOLDFAST_RECOVERY_KEY: cli.recoveryKey };
  await cli.json(['points', '--at', cli.place], 0, { env: byKey });
});

test('a forgotten passphrase is replaced by way of the recovery key', async () => {
  const cli = await openCommandLine();
  await cli.json(['key', 'change', '--at', cli.place], 0, {
    env: {
      ...withoutPassphrase,
      HOLDFAST_RECOVERY_KEY: cli.recoveryKey,
      HOLDFAST_NEW_PASSPHRASE: 'new',
    },
  });
  await cli.json(['points', '--at', cli.place], 0, { env: { HOLDFAST_PASSPHRASE: 'new' } });
});

test('a new recovery key opens, the one on the lost sheet of paper no more', async () => {
  const cli = await openCommandLine();
  const { recoveryKey } = await cli.json(['key', 'recovery', '--at', cli.place]);
  const openWith = (key: string) => ({ env: { ...withoutPassphrase, HOLDFAST_RECOVERY_KEY: key } });
  await cli.json(['points', '--at', cli.place], 0, openWith(recoveryKey as string));
  await cli.json(['points', '--at', cli.place], 5, openWith(cli.recoveryKey));
  await cli.json(['points', '--at', cli.place]);
});

test('nobody is asked where nobody sits: a night job ends at once', async () => {
  const cli = await openCommandLine();
  const options = { env: withoutPassphrase, input: 'correct horse battery staple\n' };
  const startedMs = performance.now();
  const { exitCode, stderr } = await cli.run(['points', '--at', cli.place], options);
  expect(exitCode).toBe(5);
  expect(stderr).not.toContain('Passphrase or recovery key of');
  const create = await cli.run(['vault', 'create', join(cli.folder, 'new')], options);
  expect(create.exitCode).toBe(5);
  const change = await cli.run(['key', 'change', '--at', cli.place], { input: 'x\nx\n' });
  expect(change.exitCode).toBe(5);
  // A question to nobody would take for ever.
  expect(performance.now() - startedMs).toBeLessThan(60_000);
});
