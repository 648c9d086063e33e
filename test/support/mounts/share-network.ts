/**
 * Two computers on one wire: a server that shares a disk of its own with Samba, and an office that has it mounted by the
 * kernel's SMB client. The server can be frozen, cut off from its power and started again; its disk image outlives it.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { mountShare, serveShare } from './file-systems.ts';
import { startGuest, type Guest } from './guest.ts';
import { listenToOffice, type RemoteOffice } from './remote-office.ts';

const run = promisify(execFile);

const SERVER = '10.77.0.1';
/** As the office's computer sees it. */
export const SHARE = '/mnt/share';

export interface ShareServer {
  readonly guest: () => Guest;
  /** Power cut. */
  cut(): Promise<void>;
  /** Starts it on the same disk; resolves when it serves. `days`: how far its clock is ahead. */
  boot(days?: number): Promise<void>;
}

export interface ShareNetwork extends AsyncDisposable {
  readonly server: ShareServer;
  readonly office: Guest;
}

/** An empty ext4 in a file. */
export async function makeDisk(path: string, megabytes: number): Promise<void> {
  await using file = await open(path, 'wx');
  await file.truncate(megabytes * 1024 * 1024);
  await run('mkfs.ext4', ['-q', path]);
}

/** `program` (bash) runs on the office's computer once the share is mounted. */
export async function startShareNetwork(disk: string, program: string): Promise<ShareNetwork> {
  const [serverPort, officePort] = [await findPort(), await findPort()];
  let guest: Guest | null = null;
  const server: ShareServer = {
    guest: () => {
      if (guest === null) throw new Error('the server was never started');
      return guest;
    },
    cut: async () => guest?.cut(),
    async boot(days = 0) {
      guest = await startGuest({
        task: serverTask(days),
        memoryMb: 512,
        disks: [disk],
        wire: { ownPort: serverPort, otherPort: officePort },
      });
      await guest.lines.next((line) => line === '@serving');
    },
  };
  await server.boot();
  const office = await startGuest({
    task: officeTask(program),
    memoryMb: 1500,
    wire: { ownPort: officePort, otherPort: serverPort },
  });
  return {
    server,
    office,
    async [Symbol.asyncDispose]() {
      await office.cut();
      await server.cut();
    },
  };
}

const serverTask = (days: number): string => `
W=/mnt/server ADDRESS=${SERVER}
date -s "+${days} days" >/dev/null
ip addr add $ADDRESS/24 dev vec0 && ip link set vec0 up
mkdir -p "$W/share"
e2fsck -p /dev/ubda >/dev/null; echo "@fsck $?"
mount -t ext4 /dev/ubda "$W/share" && chmod 777 "$W/share"
${serveShare}
until (exec 3<>/dev/tcp/$ADDRESS/445) 2>/dev/null; do sleep 0.1; done
echo @serving
sleep infinity`;

const officeTask = (program: string): string => `
W=/mnt/local M=${SHARE} ADDRESS=${SERVER} MORE=
mkdir -p "$M"
ip addr add 10.77.0.2/24 dev vec0 && ip link set vec0 up
${mountShare}
mountpoint -q "$M" || { dmesg | tail; exit 90; }
${program}`;

/** The command for an office with its vault on the share; `more` goes before the program, e.g. a namespace. */
export function officeCommand(
  task: { readonly crm: string; readonly dataFolder: string; readonly steps: string },
  place = `${SHARE}/vault`,
): string {
  const program = `${inject('officeFolder')}/office-program.js`;
  return `'${process.execPath}' '${program}' '${JSON.stringify({ place, ...task })}'`;
}

/** Waits until the office of a network is there. */
export async function meetOffice(network: ShareNetwork, steps: string): Promise<RemoteOffice> {
  const office = listenToOffice(network.office.lines, steps);
  await office.ready();
  return office;
}

/** A UDP port of the loopback that nobody uses. */
async function findPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
