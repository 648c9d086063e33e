/** A real Samba server on this machine, on a port of its own: users with passwords, shares of folders. It can be stopped as by a power cut. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SambaShare {
  readonly name: string;
  /** Made if need be. */
  readonly folder: string;
  readonly isReadOnly?: boolean;
}

export interface SambaServer extends AsyncDisposable {
  readonly port: number;
  /** Kills it with all its connections; resolves when nobody listens any more. */
  cut(): Promise<void>;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
}

/** Accounts that every Debian has: Samba wants its users to be users of the system. */
export const SHARE_USER = 'games';
export const OTHER_USER = 'news';
export const SHARE_PASSWORD = 'päss wörd \'x\' "y" \\ $HOME';

/** Starts it for both users with the same password. */
export async function startSamba(shares: readonly SambaShare[]): Promise<SambaServer> {
  // Its sockets have names of at most 108 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-smb-'));
  await chmod(folder, 0o755);
  const port = await findFreePort();
  const config = join(folder, 'smb.conf');
  await writeFile(config, describeServer(folder, port, shares));
  for (const share of shares) await mkdir(share.folder, { recursive: true });
  for (const user of [SHARE_USER, OTHER_USER]) addUser(config, user);
  let running: ChildProcess | null = null;

  const cut = async (): Promise<void> => {
    const child = running;
    running = null;
    if (child?.pid === undefined) return;
    const ended = once(child, 'close');
    // It and the processes of its connections.
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  const start = async (): Promise<void> => {
    running = spawn('smbd', ['--foreground', '--no-process-group', '-s', config], {
      detached: true,
      stdio: 'ignore',
    });
    await untilListening(port);
  };

  await start();
  return {
    port,
    cut,
    start,
    async [Symbol.asyncDispose]() {
      await cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function describeServer(folder: string, port: number, shares: readonly SambaShare[]): string {
  const own = [
    'private dir',
    'lock directory',
    'state directory',
    'cache directory',
    'pid directory',
  ];
  return [
    '[global]',
    'workgroup = OFFICE',
    'server role = standalone server',
    'interfaces = lo',
    'bind interfaces only = yes',
    `smb ports = ${port}`,
    'server min protocol = SMB2',
    'disable netbios = yes',
    'load printers = no',
    'printcap name = /dev/null',
    'disable spoolss = yes',
    'map to guest = never',
    `passdb backend = tdbsam:${folder}/passdb.tdb`,
    ...own.map((name) => `${name} = ${folder}`),
    `ncalrpc dir = ${folder}/ncalrpc`,
    `log file = ${folder}/smbd.log`,
    ...shares.flatMap(describeShare),
    '',
  ].join('\n');
}

/** All files belong to the test, whoever is let in. */
function describeShare({ name, folder, isReadOnly = false }: SambaShare): readonly string[] {
  return [
    `[${name}]`,
    `path = ${folder}`,
    'force user = root',
    `valid users = ${SHARE_USER} ${OTHER_USER}`,
    `read only = ${isReadOnly ? 'yes' : 'no'}`,
  ];
}

function addUser(config: string, user: string): void {
  const input = `${SHARE_PASSWORD}\n${SHARE_PASSWORD}\n`;
  const done = spawnSync('smbpasswd', ['-c', config, '-s', '-a', user], {
    input,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`smbpasswd: ${done.stderr}`);
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Asked again until it answers: a test's own time limit ends it. */
async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const [event] = await Promise.race([
      once(socket, 'connect').then(() => ['connect']),
      once(socket, 'error').then(() => ['error']),
    ]).catch(() => ['error']);
    socket.destroy();
    if (event === 'connect') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
