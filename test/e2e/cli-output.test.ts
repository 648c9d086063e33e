/** What people and scripts see: help with examples, readable tables, one JSON document, nothing that misleads a terminal. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { openCommandLine, sourceCli } from '../support/command-line.ts';
import { isAvailable } from '../support/machine.ts';
import { writeAccessLock, writeHeaderSample } from '../support/foreign-samples.ts';
import { createLedger } from '../support/quiet-database.ts';
import { TEST_PASSPHRASE } from '../support/test-engine.ts';

/** What begins an order to a terminal. */
const escape = '\u001b';
const wipe = `\r${escape}[2K`;

/** PRODUCT's list, and what belongs to it. */
const commands = [
  ['vault', 'create'],
  ['vault', 'info'],
  ['backup'],
  ['points'],
  ['show'],
  ['inspect'],
  ['restore'],
  ['undo'],
  ['compare'],
  ['drill'],
  ['verify'],
  ['forget'],
  ['prune'],
  ['export'],
  ['hold'],
  ['release'],
  ['key', 'change'],
  ['key', 'recovery'],
  ['connect'],
  ['plan', 'list'],
  ['plan', 'show'],
  ['plan', 'create'],
  ['plan', 'delete'],
  ['plan', 'pause'],
  ['plan', 'resume'],
  ['plan', 'agree'],
  ['run'],
  ['status'],
  ['history'],
] as const;

test('every command explains itself with an example that names it', async () => {
  const cli = await openCommandLine();
  const { stdout: all } = await cli.run(['--help']);
  for (const command of commands) {
    const { exitCode, stdout } = await cli.run([...command, '--help']);
    expect({ command, exitCode }).toEqual({ command, exitCode: 0 });
    expect(stdout).toMatch(new RegExp(`Examples?:[^]*holdfast ${command.join(' ')}`, 'u'));
    expect(stdout).toContain('--json');
    expect(stdout).toContain('--data-dir');
    expect(all).toContain(`  ${command[0]}`);
  }
  expect((await cli.run(['--version'])).stdout).toMatch(/^holdfast \d+\.\d+\.\d+\n$/u);
});

test('tables are plain text in columns, and the words follow the language of the system', async () => {
  const cli = await openCommandLine();
  const database = join(cli.folder, 'crm.db');
  createLedger(database, { rows: 60, seed: 1 });
  const made = await cli.run(['backup', '--to', cli.place, database]);
  expect(made.exitCode).toBe(0);
  expect(made.stdout).toMatch(/^Restore point made {2,}[0-9a-f]{32} {2}\(full\)\n/u);
  const english = await cli.run(['points', '--at', cli.place]);
  const [titles = '', row = ''] = english.stdout.split('\n');
  expect(titles).toMatch(/^Restore point +Taken +Kind +Stored +CRM data +State$/u);
  expect(row).toMatch(/^[0-9a-f]{12} {2,}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2,}full /u);
  expect(row.indexOf('full')).toBe(titles.indexOf('Kind'));
  const env = { LANG: 'zh_CN.UTF-8' };
  const chinese = await cli.run(['points', '--at', cli.place], { env });
  expect(chinese.stdout).toMatch(/^恢复点 +时间 +类型/u);
  const failed = await cli.run(['points', '--at', join(cli.folder, 'none')], { env });
  expect(failed.stderr).toContain('找不到存放位置');
  // LC_ALL stands above LANG.
  const both = { env: { ...env, LC_ALL: 'en_US.UTF-8' } };
  expect((await cli.run(['points', '--at', 'none'], both)).stderr).toContain(
    'The place is not there',
  );
});

test('with --json stdout holds one document and nothing else, also with notices and problems', async () => {
  const cli = await openCommandLine();
  const database = join(cli.folder, 'crm.db');
  createLedger(database, { rows: 60, seed: 1 });
  const result = await cli.run(['--json', 'backup', '--to', cli.place, database, 'none.db']);
  expect(result.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(result.stdout)).toMatchObject({
    ok: false,
    phases: ['open', 'read', 'commit', 'prove'].map((phase) => ({ phase, ms: expect.any(Number) })),
    fullReason: 'first',
    sources: [
      { method: 'scanned', label: 'transactional', pages: { changedPages: expect.any(Number) } },
    ],
    durationMs: expect.any(Number),
    problems: [{}],
  });
  // No progress line where nobody looks.
  expect(result.stderr).not.toContain('\r');
  expect(result.stderr).not.toContain(escape);
});

test('a name in a copy gives no orders to the terminal', async () => {
  const cli = await openCommandLine();
  const docs = join(cli.folder, 'docs');
  await mkdir(docs);
  await writeFile(join(docs, 'harmless\u001b[2J\u202egpj.exe'), 'x');
  await cli.json(['backup', '--to', cli.place, docs]);
  const { stdout } = await cli.run(['show', 'latest', '--at', cli.place]);
  expect(stdout).toContain('harmless');
  expect(stdout).not.toContain(escape);
  expect(stdout).not.toContain('\u202e');
});

test('what a file is and who has it open is told in both languages, and as facts', async () => {
  const cli = await openCommandLine();
  const path = join(cli.folder, 'kunden.accdb');
  writeHeaderSample(path, 'ace', 4);
  writeAccessLock(join(cli.folder, 'kunden.laccdb'), [['EMPFANG', 'Petra']]);
  const { stdout: en } = await cli.run(['inspect', path]);
  expect(en).toContain('Access database');
  expect(en).toContain('in use on PC EMPFANG by user Petra (lock file kunden.laccdb)');
  const { stdout: zh } = await cli.run(['inspect', path], { env: { LANG: 'zh_CN.UTF-8' } });
  expect(zh).toContain('Access 数据库');
  expect(zh).toContain('电脑 EMPFANG 上的用户 Petra');
  expect(await cli.json(['inspect', path])).toMatchObject({
    source: {
      kind: 'page-file',
      format: 'Access database',
      lock: { file: 'kunden.laccdb', users: [{ computer: 'EMPFANG', user: 'Petra' }] },
      isCutShort: false,
    },
  });
  const drilled = await cli.json(['backup', '--to', cli.place, path]);
  expect(drilled).toMatchObject({ sources: [{ label: 'crash-consistent' }] });
  const { stdout, exitCode } = await cli.run(['drill', '--at', cli.place]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('came back byte for byte, its digest as recorded; not opened');
});

test('the sources run as they are, like the built product', async () => {
  const cli = await openCommandLine(sourceCli);
  const database = join(cli.folder, 'crm.db');
  createLedger(database, { rows: 60, seed: 1 });
  expect(await cli.json(['backup', '--to', cli.place, database])).toMatchObject({ ok: true });
  expect(await cli.json(['points', '--at', cli.place])).toMatchObject({
    points: [{ kind: 'full' }],
  });
});

/** Runs the command line under a terminal of its own; answers questions as they appear. */
async function atTerminal(
  args: readonly string[],
  folder: string,
  answers: readonly (readonly [question: string, answer: string])[],
): Promise<{ readonly exitCode: number | null; readonly screen: string }> {
  const command = [process.execPath, join(inject('builtFolder'), 'cli.js'), ...args];
  const quoted = command.map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['-qefc', `stty cols 100; ${quoted}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOLDFAST_DATA_DIR: join(folder, 'data') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  const waiting = [...answers];
  let answered = 0;
  child.stdout.on('data', (part: Buffer) => {
    screen += part.toString('utf8');
    const [next] = waiting;
    if (next === undefined || !screen.slice(answered).includes(next[0])) return;
    answered = screen.length;
    waiting.shift();
    child.stdin.write(next[1]);
  });
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, screen };
}

describe.skipIf(!isAvailable('script'))('somebody at a terminal', () => {
  test('is asked for a new passphrase twice, and nothing of it shows', async () => {
    const { folder } = await openCommandLine();
    const place = join(folder, 'new');
    const twice = [
      ['New passphrase:', 'geheim 密码x\u007f\r'],
      ['The same again:', 'geheim 密码\r'],
    ] as const;
    const { exitCode, screen } = await atTerminal(['vault', 'create', place], folder, twice);
    expect(exitCode).toBe(0);
    expect(screen).not.toMatch(/geheim|密码/u);
    expect(screen).toContain('Recovery key');
    const asked = [['Passphrase or recovery key', 'geheim 密码\r']] as const;
    const opened = await atTerminal(['vault', 'info', place], folder, asked);
    expect(opened.exitCode).toBe(0);
    const wrong = await atTerminal(['vault', 'info', place], folder, [[asked[0][0], 'no\r']]);
    expect(wrong.exitCode).toBe(5);
  });

  test('gives nothing away when the two passphrases differ, and may leave with Ctrl-C', async () => {
    const { folder } = await openCommandLine();
    const place = join(folder, 'new');
    const differing = [
      ['New passphrase:', 'one\r'],
      ['The same again:', 'two\r'],
    ] as const;
    const { exitCode } = await atTerminal(['vault', 'create', place], folder, differing);
    expect(exitCode).toBe(2);
    const left = await atTerminal(['vault', 'create', place], folder, [['New pass', 'abc\u0003']]);
    expect(left.exitCode).toBe(130);
  });

  test('types the recovery key where a passphrase is asked for, and sees progress in one line', async () => {
    const { folder, place, recoveryKey } = await openCommandLine();
    const database = join(folder, 'crm.db');
    createLedger(database, { rows: 20_000, seed: 1 });
    const answers = [['Passphrase or recovery key', `${recoveryKey.toLowerCase()}\r`]] as const;
    const backup = ['backup', '--to', place, database];
    const { exitCode, screen } = await atTerminal(backup, folder, answers);
    expect(exitCode).toBe(0);
    const lines = screen
      .split(wipe)
      .filter((line) => /^(?:Reading|Looking|Completing)/u.test(line));
    expect(lines.length).toBeGreaterThan(4);
    expect(screen).toContain('Reading and storing  ');
    expect(screen).toMatch(/Reading back {2}\d+ %/u);
    expect(Math.max(...lines.map((line) => (line.split('\n')[0] ?? '').length))).toBeLessThan(100);
    // Wiped before the answer.
    expect(screen.split(wipe).join('\n')).toMatch(/^Restore point made/mu);
    expect(screen).not.toContain(recoveryKey.toLowerCase().slice(0, 11));
    expect(screen).not.toContain(TEST_PASSPHRASE);
  });
});
