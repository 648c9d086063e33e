/** Commands of users end when they have to, with all that they started, and services that they start live on. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { endLeftCommand } from '../../../electron/platform/end-left-command.ts';
import { takeProcessLock } from '../../../electron/platform/process-lock.ts';
import {
  runCommand,
  type UserCommand,
  type UserCommandResult,
} from '../../../electron/platform/run-command.ts';
import { isRunning } from '../../support/is-running.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const shell = async (
  folder: string,
  script: string,
  more: Partial<UserCommand> = {},
): Promise<UserCommandResult> =>
  runCommand({
    command: ['/bin/sh', '-c', script],
    timeLimitMs: 60_000,
    variables: { FOLDER: folder },
    outputFile: join(folder, 'output'),
    signal: null,
    ...more,
  });

/** Zero: it has not noted it yet. */
const pidIn = (folder: string): number => {
  const file = join(folder, 'pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
};

test('what it put out is kept, both streams, its end, without anything a terminal obeys', async () => {
  const folder = await makeTemporaryFolder();
  const { end, output } = await shell(folder, `printf 'a\\033[31mb\\r\\n'; echo no >&2; exit 3`);
  expect(end).toEqual({ kind: 'exited', code: 3 });
  expect(output).toBe('a\u{fffd}[31mb\nno');
  const long = await shell(folder, 'seq 1 20000; echo the end');
  expect(long.output.length).toBeLessThanOrEqual(16 * 1024 + 1);
  expect(long.output).toMatch(/20000\nthe end$/u);
});

test('no shell reads a command: an argument stays one', async () => {
  const folder = await makeTemporaryFolder();
  const { output } = await shell(folder, '', { command: ['/bin/echo', '$HOME; touch x', '*'] });
  expect(output).toBe('$HOME; touch x *');
});

test('a program that is not there is said as that', async () => {
  const folder = await makeTemporaryFolder();
  expect((await shell(folder, '', { command: ['/no/such/program'] })).end).toMatchObject({
    kind: 'not-started',
    detail: expect.stringContaining('ENOENT') as string,
  });
});

test('what outlives its time is ended', async () => {
  const folder = await makeTemporaryFolder();
  const { end } = await shell(folder, 'sleep 1000', { timeLimitMs: 200 });
  expect(end).toEqual({ kind: 'timed-out', limitMs: 200 });
});

test('what has to end ends with all that it started, even what will not listen', async () => {
  const folder = await makeTemporaryFolder();
  const script = `trap '' TERM; sh -c 'trap "" TERM; echo $$ > $FOLDER/pid; while :; do sleep 0.1; done' & wait; wait`;
  const stop = new AbortController();
  const running = shell(folder, script, { signal: stop.signal, killAfterMs: 300 });
  await expect.poll(() => pidIn(folder)).toBeGreaterThan(0);
  stop.abort();
  expect((await running).end).toEqual({ kind: 'cancelled' });
  await expect.poll(() => isRunning(pidIn(folder))).toBe(false);
});

test('what may not be signalled, as under sudo, is left and said to be, and nobody waits for it', async () => {
  const folder = await makeTemporaryFolder();
  const stop = new AbortController();
  let leader = 0;
  const running = shell(folder, 'echo $$ > $FOLDER/pid; sleep 1000; true', {
    signal: stop.signal,
    killAfterMs: 200,
    giveUpAfterMs: 200,
    onStart: (started) => void (leader = started),
  });
  await expect.poll(() => pidIn(folder)).toBeGreaterThan(0);
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
  });
  onTestFinished(() => {
    kill.mockRestore();
    process.kill(-leader, 'SIGKILL');
  });
  stop.abort();
  expect((await running).end).toEqual({ kind: 'cancelled', isLeft: true });
  expect(kill.mock.calls).toContainEqual([-leader, 'SIGKILL']);
});

test('a service that it starts keeps the streams, is not waited for, and lives on', async () => {
  const folder = await makeTemporaryFolder();
  const { end } = await shell(
    folder,
    `sh -c 'echo $$ > $FOLDER/pid; while :; do echo tick; sleep 0.05; done' &
     while [ ! -s $FOLDER/pid ]; do sleep 0.02; done`,
  );
  const pid = pidIn(folder);
  onTestFinished(() => void process.kill(pid, 'SIGKILL'));
  expect(end).toEqual({ kind: 'exited', code: 0 });
  expect(isRunning(pid)).toBe(true);
});

test('a command that was left by a dead process is ended; a stranger with its number is not', async () => {
  const folder = await makeTemporaryFolder();
  let pid = 0;
  const running = shell(folder, 'sleep 1000; true', {
    variables: { HOLDFAST_RUN: 'mine' },
    onStart: (started) => void (pid = started),
  });
  await expect.poll(() => pid).toBeGreaterThan(0);
  await endLeftCommand(pid, 'HOLDFAST_RUN=other');
  expect(isRunning(pid)).toBe(true);
  await expect
    .poll(async () => {
      await endLeftCommand(pid, 'HOLDFAST_RUN=mine');
      return isRunning(pid);
    })
    .toBe(false);
  expect((await running).end).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
});

test('a lock is one’s at a time', async () => {
  const file = join(await makeTemporaryFolder(), 'lock');
  {
    using first = takeProcessLock(file);
    expect(first).not.toBeNull();
    expect(takeProcessLock(file)).toBeNull();
  }
  using again = takeProcessLock(file);
  expect(again).not.toBeNull();
});
