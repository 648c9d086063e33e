/**
 * A User-Mode-Linux guest: a Linux kernel of its own as an ordinary process, with this machine's / and its own disks and
 * wire. It has what this machine's kernel may lack (CIFS, NFS, FAT, dm-flakey), and killing it is a power cut: what its
 * kernel had not yet written to the disk image is gone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createLineLog, type LineLog } from './line-log.ts';

export interface GuestOptions {
  /** Run by bash as root. */
  readonly task: string;
  readonly memoryMb: number;
  /** Disk images: /dev/ubda, /dev/ubdb, ... Their writes are on this machine's disk once the guest's kernel made them. */
  readonly disks?: readonly string[];
  /** One end of a wire to another guest: vec0 in both. */
  readonly wire?: WireEnd;
}

/** UDP ports of this machine's loopback; nothing else can hear or reach the guest. */
export interface WireEnd {
  readonly ownPort: number;
  readonly otherPort: number;
}

export interface Guest extends AsyncDisposable {
  readonly lines: LineLog;
  /** Power cut: the kernel and everything in it is gone at once. */
  cut(): Promise<void>;
  /** The whole machine stands still, as in a hypervisor's pause; nothing is lost. */
  freeze(): void;
  thaw(): void;
  /** The task's exit code; throws when the guest ended without one. */
  ended(): Promise<number>;
}

/** Boots in about two seconds; what the task prints comes in `lines`. Ends at the latest with this process. */
export async function startGuest(options: GuestOptions): Promise<Guest> {
  // No blanks are possible on a kernel's command line.
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-guest-'));
  await writeFile(join(folder, 'task.sh'), options.task);
  await symlink(fileURLToPath(new URL('./guest-init.sh', import.meta.url)), join(folder, 'init'));
  for (const [index, disk] of (options.disks ?? []).entries()) {
    await symlink(disk, join(folder, `disk${index}`));
  }
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'linux.uml', ...kernel(folder, options)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // A group of its own, to be killed as a whole.
    detached: true,
    // Its memory is a file: on tmpfs it costs no disk.
    env: { PATH: process.env['PATH'], TMPDIR: '/dev/shm' },
  });
  const lines = createLineLog();
  createInterface({ input: child.stdout }).on('line', (line) => lines.add(line.trimEnd()));
  const closed = once(child, 'close').then(async () => {
    lines.end();
    await rm(folder, { recursive: true, force: true });
  });
  const signal = (name: NodeJS.Signals, group: boolean): void => {
    const pid = child.pid ?? 0;
    if (pid === 0 || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(group ? -pid : pid, name);
  };
  const cut = async (): Promise<void> => {
    signal('SIGKILL', true);
    await closed;
  };
  return {
    lines,
    cut,
    freeze: () => signal('SIGSTOP', false),
    thaw: () => signal('SIGCONT', false),
    async ended() {
      await closed;
      const last = lines.all().findLast((line) => line.startsWith('@ended '));
      if (last === undefined) throw new Error(`the guest died\n${lines.all().join('\n')}`);
      return Number(last.slice('@ended '.length));
    },
    [Symbol.asyncDispose]: cut,
  };
}

function kernel(folder: string, { memoryMb, disks = [], wire }: GuestOptions): readonly string[] {
  return [
    `mem=${memoryMb}M`,
    'root=/dev/root',
    'rootfstype=hostfs',
    'rootflags=/',
    'rw',
    `init=${join(folder, 'init')}`,
    `HOLDFAST_TASK=${folder}`,
    'con=null',
    'con0=null,fd:1',
    'ssl=null',
    'quiet',
    `uml_dir=${folder}`,
    ...disks.map((_, index) => `ubd${index}=${join(folder, `disk${index}`)}`),
    ...(wire === undefined ? [] : [`vec0:${encodeWire(wire)}`]),
  ];
}

function encodeWire({ ownPort, otherPort }: WireEnd): string {
  // Two machines on one wire need two addresses.
  const mac = `02:00:00:00:${hex(ownPort >> 8)}:${hex(ownPort & 255)}`;
  return [
    'transport=l2tpv3',
    'udp=1',
    'src=127.0.0.1',
    'dst=127.0.0.1',
    `srcport=${ownPort}`,
    `dstport=${otherPort}`,
    'rx_session=7',
    'tx_session=7',
    'depth=128',
    `mac=${mac}`,
  ].join(',');
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
