/** What a user of another maker's database inside a folder would lose: parts of two states, or a file under its running program. */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { SourceHost } from '../../electron/engine/sources/source-host.ts';
import { writeAccessLock, writeHeaderSample } from '../support/foreign-samples.ts';
import { restoreFolder, restoreInto } from '../support/restore-trial.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

/** Too large to be read together with others. */
const large = (text: string): string => text.padEnd(300_000);

async function openSet(names: readonly string[]) {
  const engine = await openTestEngine();
  const folder = join(engine.folder, 'crm');
  mkdirSync(folder);
  const at = (name: string): string => join(folder, name);
  const write = (text: string): void => {
    for (const name of names) writeFileSync(at(name), large(`${text} ${name}`));
  };
  write('old');
  const before = await engine.backup(folder);
  return { engine, folder, at, write, before };
}

function whenOpened(host: SourceHost, act: (path: string) => void): SourceHost {
  return {
    ...host,
    openRawFile: async (path) => {
      act(path);
      return host.openRawFile(path);
    },
  };
}

function refusing(host: SourceHost, unreadable: string): SourceHost {
  return whenOpened(host, (path) => {
    const failure = { code: 'source-unreadable', path, detail: 'EACCES' } as const;
    if (path === unreadable) throw new BackupError(failure);
  });
}

/** The beginnings of all files that the point has. */
async function contentOf(engine: TestEngine, point: RestorePoint, names: readonly string[]) {
  const out = join(engine.folder, `out-${point.id}`);
  await restoreInto(engine, { point }, out);
  return names.map((name) => {
    const path = join(out, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd() : null;
  });
}

const names = ['kunden.cdx', 'kunden.dbt', 'kunden.ntx'];
const old = names.map((name) => `old ${name}`);

test('a part that is gone stays in the copy when the others never keep still', async () => {
  const { engine, folder, at, write } = await openSet(names);
  write('new');
  rmSync(at('kunden.cdx'));
  const host = whenOpened(engine.host, (path) => {
    if (path === at('kunden.dbt')) appendFileSync(path, '!');
  });
  const { point } = await engine.backup(folder, { host });
  expect(point.problems).toMatchObject([{ failure: { code: 'source-busy' } }]);
  expect(await contentOf(engine, point, names)).toEqual(old);
  // Quiet again, it is one state without that part.
  const next = await engine.backup(folder);
  expect(next.point.problems).toEqual([]);
  const [cdx, , ntx] = await contentOf(engine, next.point, names);
  expect([cdx, ntx]).toEqual([null, 'new kunden.ntx']);
});

test('of a set with a part that cannot be read nothing is taken over, and other files are', async () => {
  const { engine, folder, at, write } = await openSet([...names, 'lager.dbt']);
  write('new');
  rmSync(at('kunden.cdx'));
  const host = refusing(engine.host, at('kunden.dbt'));
  const { point } = await engine.backup(folder, { host });
  expect(point.problems.map(({ failure }) => failure)).toMatchObject([
    { code: 'source-unreadable', path: at('kunden.dbt'), detail: 'EACCES' },
    { code: 'source-unreadable', path: at('kunden.ntx') },
  ]);
  const all = [...names, 'lager.dbt'];
  expect(await contentOf(engine, point, all)).toEqual([...old, 'new lager.dbt']);
});

async function restore(...request: Parameters<typeof restoreFolder>) {
  const { problems } = await restoreFolder(...request);
  return problems.map(({ failure }) => failure);
}

/** A program that has it open, until the returned function is called. */
function holdOpen(path: string): () => Promise<void> {
  const fd = openSync(path, 'r+');
  const program = spawn('sleep', ['600'], { stdio: [fd, 'ignore', 'ignore'] });
  closeSync(fd);
  const ended = new Promise<void>((resolve) => program.once('exit', () => resolve()));
  const end = async (): Promise<void> => {
    program.kill();
    await ended;
  };
  onTestFinished(end);
  return end;
}

test.runIf(process.platform === 'linux')(
  'no part of a database that a program has open is exchanged, whichever part that is',
  async () => {
    const { engine, folder, at, write, before } = await openSet([...names, 'brief.txt']);
    write('new');
    const end = holdOpen(at('kunden.dbt'));
    const letter = holdOpen(at('brief.txt'));
    const by = expect.stringContaining('sleep') as string;
    expect(await restore(engine, before, folder)).toMatchObject(
      names.map((name) => ({ code: 'target-in-use', path: at(name), by })),
    );
    const text = (name: string): string => readFileSync(at(name), 'utf8').trimEnd();
    expect(names.map(text)).toEqual(names.map((name) => `new ${name}`));
    expect(text('brief.txt')).toBe('old brief.txt');
    await end();
    await letter();
    expect(await restore(engine, before, folder)).toEqual([]);
    expect(names.map(text)).toEqual(old);
  },
);

test('an Access database that another computer has open stays, under any name, and is not taken away', async () => {
  const engine = await openTestEngine();
  const folder = join(engine.folder, 'crm');
  mkdirSync(folder);
  const path = join(folder, 'kunden.daten');
  const truth = writeHeaderSample(path, 'jet4', 5);
  const before = await engine.backup(folder);
  const today = writeHeaderSample(path, 'jet4', 5);
  const lock = join(folder, 'kunden.ldb');
  writeAccessLock(lock, [['EMPFANG', 'Petra']]);
  const held = { code: 'target-in-use', path, lock: { users: [{ computer: 'EMPFANG' }] } };
  expect(await restore(engine, before, folder)).toMatchObject([held]);
  const removes = [{ path: 'kunden.daten', stamp: 'as it is' }];
  const only = new Set<string>();
  expect(await restore(engine, before, folder, { only, removes })).toMatchObject([held]);
  expect(readFileSync(path).equals(today)).toBe(true);
  rmSync(lock);
  expect(await restore(engine, before, folder)).toEqual([]);
  expect(readFileSync(path).equals(truth)).toBe(true);
});
