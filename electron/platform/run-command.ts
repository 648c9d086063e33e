// Runs a command of the user around a backup. Its output goes into a file and not through a pipe: a service that it starts
// keeps the streams, would never let a pipe end, and would die of a broken one when we end.
// Promise: what outlives its time or is cancelled is ended with all that it started, or it is said that it could not be, and
// nobody waits for it; what ended by itself may leave services.
import { spawn, type ChildProcess } from 'node:child_process';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionEnd } from '../../shared/model/actions.ts';
import { withoutOwnVariables } from './own-environment.ts';

/** How long a command may take to end after it was asked to. */
const KILL_AFTER_MS = 10_000;
/** The end of the output is what tells why. */
const KEPT_BYTES = 16 * 1024;
/** A command that talks without end must not fill the disk. */
const MOST_OUTPUT_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 100;
/** What was killed is gone at once, unless it runs with the rights of another user, or hangs in the system. */
const GIVE_UP_AFTER_MS = 5000;
const LOOK_AT_SIZE_EVERY_MS = 1000;

export interface UserCommand {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly timeLimitMs: number;
  /** Beside the environment of this process; our own variables are taken out of that. */
  readonly variables: Readonly<Record<string, string>>;
  /** Holds the output meanwhile; removed at the end. */
  readonly outputFile: string;
  readonly signal: AbortSignal | null;
  /** Told the process that leads its group. */
  readonly onStart?: (pid: number) => void;
  /** Left out: 10 s. */
  readonly killAfterMs?: number;
  /** After it was killed; left out: 5 s. */
  readonly giveUpAfterMs?: number;
}

export interface UserCommandResult {
  readonly end: ActionEnd;
  /** Its last 16 KiB; control characters are shown as such. */
  readonly output: string;
}

/** Never throws for what the command does; throws when the file for its output cannot be used. */
export async function runCommand(wish: UserCommand): Promise<UserCommandResult> {
  if (wish.signal?.aborted === true) return { end: { kind: 'cancelled' }, output: '' };
  await rm(wish.outputFile, { force: true });
  // Appending: after a cut all writers go on at the new end.
  await using file = await open(wish.outputFile, 'ax+', 0o600);
  const watch = setInterval(() => void cutOutput(file), LOOK_AT_SIZE_EVERY_MS);
  try {
    const end = await runToEnd(wish, file);
    return { end, output: await readEnd(file) };
  } finally {
    clearInterval(watch);
    await rm(wish.outputFile, { force: true }).catch(() => undefined);
  }
}

async function runToEnd(wish: UserCommand, file: FileHandle): Promise<ActionEnd> {
  const [program = '', ...args] = wish.command;
  const { timeLimitMs, signal } = wish;
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: homedir(),
      env: { ...withoutOwnVariables(process.env), ...wish.variables },
      stdio: ['ignore', file.fd, file.fd],
      windowsHide: true,
      // A group of its own: it is ended as a whole, and Ctrl+C in the terminal is ours alone.
      detached: process.platform !== 'win32',
    });
  } catch (error) {
    return { kind: 'not-started', detail: messageOf(error) };
  }
  if (child.pid !== undefined) wish.onStart?.(child.pid);
  const ended = new Promise<ActionEnd>((resolve) => {
    child.on('error', (error) => resolve({ kind: 'not-started', detail: messageOf(error) }));
    // Not `close`: a service keeps the streams open.
    child.on('exit', (code, by) => resolve(endOf(code, by)));
  });
  const { promise: stopped, resolve: stop } = Promise.withResolvers<ActionEnd>();
  const timer = setTimeout(() => stop({ kind: 'timed-out', limitMs: timeLimitMs }), timeLimitMs);
  const cancel = (): void => stop({ kind: 'cancelled' });
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const end = await Promise.race([ended, stopped]);
    if (end.kind === 'timed-out' || end.kind === 'cancelled') {
      if (!(await endWithAll(child, wish))) {
        child.unref();
        return { ...end, isLeft: true };
      }
      await ended;
    }
    return end;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

function endOf(code: number | null, signal: NodeJS.Signals | null): ActionEnd {
  return code === null
    ? { kind: 'signalled', signal: signal ?? 'unknown' }
    : { kind: 'exited', code };
}

/** Asked first, then made to; false: the command, or something that it started, could not be ended. */
async function endWithAll(
  child: ChildProcess,
  { killAfterMs = KILL_AFTER_MS, giveUpAfterMs = GIVE_UP_AFTER_MS }: UserCommand,
): Promise<boolean> {
  const { pid } = child;
  if (pid === undefined) return true;
  if (process.platform === 'win32') {
    await endTreeOnWindows(pid);
    return comesTrue(giveUpAfterMs, () => hasEnded(child));
  }
  signalGroup(pid, 'SIGTERM');
  if (await comesTrue(killAfterMs, () => signalGroup(pid, 0) === 'gone')) return true;
  signalGroup(pid, 'SIGKILL');
  // What died counts as there until its parent takes note; what refuses lives.
  return comesTrue(giveUpAfterMs, () => hasEnded(child) && signalGroup(pid, 0) !== 'refused');
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

async function comesTrue(withinMs: number, isSo: () => boolean): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += LOOK_EVERY_MS) {
    if (isSo()) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return isSo();
}

async function endTreeOnWindows(pid: number): Promise<void> {
  const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], {
    windowsHide: true,
    stdio: 'ignore',
  });
  await new Promise<void>((resolve) => {
    killer.on('error', () => resolve());
    killer.on('exit', () => resolve());
  });
}

/** `refused`: it is there and cannot be signalled, as a command under `sudo`. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): 'told' | 'refused' | 'gone' {
  try {
    process.kill(-leader, signal);
    return 'told';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'refused';
  }
}

async function cutOutput(file: FileHandle): Promise<void> {
  try {
    const { size } = await file.stat();
    if (size > MOST_OUTPUT_BYTES) await file.truncate(0);
  } catch {
    // It was closed meanwhile: the command has ended.
  }
}

async function readEnd(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const from = Math.max(0, size - KEPT_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(KEPT_BYTES), 0, KEPT_BYTES, from);
  const text = makeVisible(new TextDecoder().decode(buffer.subarray(0, bytesRead)));
  return from === 0 ? text : `…${text}`;
}

/** Terminals and screens obey some characters; those are shown instead. */
function makeVisible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}')
    .trimEnd();
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
