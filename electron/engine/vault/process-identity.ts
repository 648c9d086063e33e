// Who holds a lease: this process, so that another one on the same computer can tell at once that it has died.
// Promise: "dead" is said only when it is certain; everything else is null, and the lease runs out by itself.
// Linux knows all of it. macOS asks sysctl and ps. Windows has no boot id and no start time in plain Node: there only a
// pid that does not exist is dead. Network cards come and go with docks and tunnels, so they name a computer only where
// nothing else does.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces, userInfo } from 'node:os';
import { join } from 'node:path';

/** One process of one boot of one computer. Empty text: cannot be told here. */
export interface ProcessIdentity {
  readonly host: string;
  /** 32 hex digits. */
  readonly machine: string;
  readonly boot: string;
  readonly pidNamespace: string;
  readonly pid: number;
  /** In the system's own unit; only equality means something. */
  readonly startTime: string;
  readonly user: string;
}

/** The identity of this process. */
export function readProcessIdentity(): ProcessIdentity {
  return {
    host: hostname(),
    machine: readMachine(),
    boot: readBoot(),
    pidNamespace:
      process.platform === 'linux' ? tryRead(() => readlinkSync('/proc/self/ns/pid')) : '',
    pid: process.pid,
    startTime: readProcess(process.pid).startTime,
    user: tryRead(() => userInfo().username),
  };
}

/** True when no such process runs any more, false when it runs; null when it cannot be told from here. */
export function isProcessDead(identity: ProcessIdentity, own: ProcessIdentity): boolean | null {
  if (!isSameComputer(identity, own)) return null;
  if (!isPidTaken(identity.pid)) return true;
  const { startTime, isZombie } = readProcess(identity.pid);
  if (startTime === '' || identity.startTime === '') return null;
  return isZombie || startTime !== identity.startTime;
}

/** True when `identity` is this process, or one that had its number before: then it is dead. */
export function isOwnProcess(identity: ProcessIdentity, own: ProcessIdentity): boolean {
  return isSameComputer(identity, own) && identity.pid === own.pid;
}

/** Cloned machines share a machine id, restored ones even a boot id: the name has to agree too. */
function isSameComputer(one: ProcessIdentity, other: ProcessIdentity): boolean {
  const isKnown = one.machine !== '' && (one.boot !== '' || process.platform === 'win32');
  return (
    isKnown &&
    one.host === other.host &&
    one.machine === other.machine &&
    one.boot === other.boot &&
    one.pidNamespace === other.pidNamespace
  );
}

function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function readProcess(pid: number): { readonly startTime: string; readonly isZombie: boolean } {
  if (process.platform === 'linux') {
    const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
    // The program's name in parentheses may hold anything; the fields after it do not. See proc(5): state is field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { startTime: fields[22 - 3] ?? '', isZombie: fields[0] === 'Z' || fields[0] === 'X' };
  }
  if (process.platform === 'darwin') {
    const line = readOutput('/bin/ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
    const [state = '', ...started] = line.split(/\s+/);
    return { startTime: started.join(' '), isZombie: state.startsWith('Z') };
  }
  return { startTime: '', isZombie: false };
}

function readMachine(): string {
  const id =
    process.platform === 'linux'
      ? tryRead(() => readFileSync('/etc/machine-id', 'latin1')) ||
        tryRead(() => readFileSync('/var/lib/dbus/machine-id', 'latin1'))
      : (process.platform === 'win32' && readMachineGuid()) || readNetworkCards();
  if (id.trim() === '') return '';
  // The id itself is not for other programs to know.
  return createHash('sha256').update(`holdfast machine ${id.trim()}`).digest('hex').slice(0, 32);
}

/** What Windows gave this installation; empty when the registry does not tell. */
function readMachineGuid(): string {
  const program = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
  const key = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography';
  // A program of 32 bits would be shown another registry.
  const found = readOutput(program, ['query', key, '/v', 'MachineGuid', '/reg:64']);
  return /MachineGuid\s+REG_SZ\s+([0-9a-f-]{36})/iu.exec(found)?.[1] ?? '';
}

function readNetworkCards(): string {
  const cards = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, mac }) => !internal && mac !== '00:00:00:00:00:00')
    .map(({ mac }) => mac);
  return [...new Set(cards)].toSorted().join(' ');
}

function readBoot(): string {
  if (process.platform === 'linux') {
    return tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
  }
  if (process.platform === 'darwin') {
    return readOutput('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']);
  }
  return '';
}

function readOutput(program: string, args: readonly string[]): string {
  const env = { LC_ALL: 'C', TZ: 'UTC' };
  return tryRead(() =>
    execFileSync(program, args, {
      encoding: 'utf8',
      env,
      timeout: 5000,
      windowsHide: true,
    }).trim(),
  );
}

/** Empty when it cannot be read. */
function tryRead(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
