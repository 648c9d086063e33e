/** A vault must not stay locked behind a dead process, and a living one must never be taken for dead. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  isProcessDead,
  readProcessIdentity,
  type ProcessIdentity,
} from '../../electron/engine/vault/process-identity.ts';
import { isAvailable } from '../support/machine.ts';

const script = fileURLToPath(new URL('../support/identity-process.ts', import.meta.url));
const own = readProcessIdentity();

interface Holder {
  readonly process: ChildProcess;
  readonly identity: ProcessIdentity;
}

async function startHolder(under: readonly string[] = []): Promise<Holder> {
  const [first, ...rest] = under;
  const program = first ?? process.execPath;
  const args = first === undefined ? [script] : [...rest, process.execPath, script];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, identity: JSON.parse(line.toString()) as ProcessIdentity };
}

/** As the kernel has it: T for stopped, Z for dead and not yet buried. */
async function stateOf(pid: number): Promise<string | undefined> {
  return /\) (\w) /u.exec(await readFile(`/proc/${pid}/stat`, 'latin1'))?.[1];
}

describe('who holds a lease', () => {
  test('an identity is stable within a process and differs between processes of one computer', async () => {
    expect(readProcessIdentity()).toEqual(own);
    const { identity } = await startHolder();
    expect(identity).toMatchObject({ host: own.host, machine: own.machine, boot: own.boot });
    expect(identity.pid).not.toBe(own.pid);
    expect(own.user).not.toBe('');
    expect(own.machine).toMatch(/^([0-9a-f]{32})?$/);
  });

  test('the machine id itself is not given away', async () => {
    const id = (await readFile('/etc/machine-id', 'utf8')).trim();
    expect(JSON.stringify(own)).not.toContain(id);
    expect(own.boot).toMatch(/^[0-9a-f-]{36}$/);
    expect(own.startTime).toMatch(/^[0-9]+$/);
  });

  test('a process is alive until it is killed, then known to be dead at once', async () => {
    const holder = await startHolder();
    expect(isProcessDead(holder.identity, own)).toBe(false);
    holder.process.kill('SIGKILL');
    await once(holder.process, 'exit');
    expect(isProcessDead(holder.identity, own)).toBe(true);
    expect(isProcessDead(own, own)).toBe(false);
  });

  test('a frozen process is not dead: it may wake up and go on writing', async () => {
    const holder = await startHolder();
    holder.process.kill('SIGSTOP');
    await expect.poll(async () => stateOf(holder.identity.pid)).toBe('T');
    expect(isProcessDead(holder.identity, own)).toBe(false);
    holder.process.kill('SIGCONT');
  });

  test('another process that got the same number is not taken for the holder', async () => {
    const { identity } = await startHolder();
    expect(isProcessDead({ ...identity, startTime: '1' }, own)).toBe(true);
    expect(isProcessDead({ ...identity, startTime: '' }, own)).toBeNull();
  });

  test('a process that is dead but not yet buried by its parent is dead', async () => {
    // `exec` leaves a parent that never asks how its child ended.
    const command = '"$0" "$1" & exec sleep 60';
    const parent = spawn('sh', ['-c', command, process.execPath, script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const identity = JSON.parse(line.toString()) as ProcessIdentity;
    expect(isProcessDead(identity, own)).toBe(false);
    process.kill(identity.pid, 'SIGKILL');
    await expect.poll(async () => stateOf(identity.pid)).toBe('Z');
    expect(isProcessDead(identity, own)).toBe(true);
  });

  test.each([
    ['another computer', { machine: '00'.repeat(16) }],
    ['a clone with another name', { host: 'elsewhere' }],
    ['before a restart', { boot: '00000000-0000-0000-0000-000000000000' }],
    ['a container', { pidNamespace: 'pid:[1]' }],
  ])('of a process of %s nothing is claimed, alive or dead', async (_, difference) => {
    const holder = await startHolder();
    const elsewhere = { ...holder.identity, ...difference };
    expect(isProcessDead(elsewhere, own)).toBeNull();
    holder.process.kill('SIGKILL');
    await once(holder.process, 'exit');
    expect(isProcessDead(elsewhere, own)).toBeNull();
  });

  test('computers without an id are not taken for one and the same', async () => {
    const holder = await startHolder();
    holder.process.kill('SIGKILL');
    await once(holder.process, 'exit');
    const nameless = { ...own, machine: '' };
    expect(isProcessDead({ ...holder.identity, machine: '' }, nameless)).toBeNull();
  });
});

describe.skipIf(!isAvailable('mount'))('a process in a container', () => {
  test('has numbers of its own, so nothing is claimed about it from outside', async () => {
    const { identity } = await startHolder([
      'unshare',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
    ]);
    expect(identity.boot).toBe(own.boot);
    expect(identity.pid).toBeLessThan(10);
    expect(identity.pidNamespace).not.toBe(own.pidNamespace);
    expect(isProcessDead(identity, own)).toBeNull();
  });
});
