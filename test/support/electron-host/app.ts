// app: its life from the first line to the exit, its lock, its paths and names.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { App, LoginItemSettings } from 'electron';
import { closeChromium, openChromium } from './chromium-page.ts';
import { becomeReady, isReady } from './life.ts';
import { onQuit, windows } from './open-windows.ts';
import { createEmitter, createEvent, emitPreventable, strictly } from './strict.ts';
import { complain, serveCommand, system } from './system.ts';

export const appEmitter = createEmitter(
  'app',
  'will-finish-launching ready window-all-closed before-quit will-quit quit activate second-instance browser-window-created browser-window-focus browser-window-blur web-contents-created render-process-gone child-process-gone open-file open-url gpu-info-update accessibility-support-changed certificate-error login did-become-active',
);

function findAppFolder(folder: string): string {
  const isRoot = dirname(folder) === folder;
  return isRoot || existsSync(join(folder, 'package.json'))
    ? folder
    : findAppFolder(dirname(folder));
}

const appFolder = findAppFolder(dirname(process.argv[1] ?? process.cwd()));
const manifestPath = join(appFolder, 'package.json');
const manifest = (
  existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, 'utf8')) : {}
) as { readonly name?: string; readonly productName?: string; readonly version?: string };
let name = manifest.productName ?? manifest.name ?? 'electron';

const appData = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
const paths: Record<string, string> = {
  appData,
  home: homedir(),
  temp: tmpdir(),
  exe: process.execPath,
};
for (const own of ['Desktop', 'Documents', 'Downloads']) {
  paths[own.toLowerCase()] = join(homedir(), own);
}
function pathOf(key: string): string {
  if (key === 'userData') return paths[key] ?? join(appData, name);
  if (key === 'sessionData') return paths[key] ?? pathOf('userData');
  if (key === 'logs') return paths[key] ?? join(pathOf('userData'), 'logs');
  const path = paths[key];
  if (path === undefined) throw new Error(`Failed to get '${key}' path`);
  return path;
}

/** Work that must be done before the process may end. */
const lastWork: Promise<unknown>[] = [];
const children = new Set<{ kill(): boolean }>();
export const endWithApp = (child: { kill(): boolean }): unknown => children.add(child);

let isLeaving = false;
async function leave(code: number): Promise<void> {
  if (isLeaving) return;
  isLeaving = true;
  appEmitter.emit('quit', createEvent(), code);
  for (const child of children) child.kill();
  await Promise.allSettled([...lastWork, closeChromium()]);
  process.exit(code);
}

let isQuitting = false;
function quit(): void {
  if (isQuitting || isLeaving) return;
  isQuitting = emitPreventable(appEmitter, 'before-quit');
  if (!isQuitting) return;
  for (const window of windows) window.close();
  isQuitting = windows.size === 0 && emitPreventable(appEmitter, 'will-quit');
  if (isQuitting) void leave(0);
}
onQuit.allClosed = () => {
  if (isQuitting) return;
  if (!appEmitter.emit('window-all-closed')) quit();
};

const lockFile = (): string => join(pathOf('userData'), 'SingletonLock');
const lockSocket = (): string => {
  const mark = createHash('sha256').update(pathOf('userData')).digest('hex').slice(0, 16);
  return join(tmpdir(), `electron-host-${mark}.sock`);
};
let hasLock = false;

function isHeldByOther(): boolean {
  try {
    process.kill(Number(readFileSync(lockFile(), 'utf8')), 0);
    return true;
  } catch {
    rmSync(lockFile(), { force: true });
    return false;
  }
}

function takeLock(data: unknown): boolean {
  if (hasLock) return true;
  mkdirSync(dirname(lockFile()), { recursive: true });
  if (existsSync(lockFile()) && isHeldByOther()) {
    const words = JSON.stringify({ argv: process.argv, cwd: process.cwd(), data });
    const said = connect(lockSocket()).on('error', () => {});
    lastWork.push(new Promise((resolve) => said.end(words).once('close', resolve)));
    return false;
  }
  writeFileSync(lockFile(), String(process.pid), { flag: 'wx' });
  rmSync(lockSocket(), { force: true });
  process.once('exit', () =>
    [lockFile(), lockSocket()].forEach((file) => rmSync(file, { force: true })),
  );
  createServer((socket) => {
    const parts: Buffer[] = [];
    socket
      .on('data', (part) => parts.push(part))
      .on('end', () => {
        const {
          argv,
          cwd,
          data: words,
        } = JSON.parse(String(Buffer.concat(parts))) as Record<string, unknown>;
        appEmitter.emit('second-instance', createEvent(), argv, cwd, words);
      });
  })
    .listen(lockSocket())
    .unref();
  return (hasLock = true);
}

let loginItem: Partial<LoginItemSettings> = {};
const beforeReady = (what: string): void => {
  if (isReady()) throw new Error(`${what} must be called before ready`);
};
const whenReady = new Promise<void>((resolve) => appEmitter.once('ready', resolve));

export const app = strictly<App>(
  'app',
  {
    isPackaged: system.isPackaged,
    name,
    isReady,
    whenReady: async () => whenReady,
    quit,
    exit: (code = 0) => {
      for (const window of windows) window.destroy();
      void leave(code);
    },
    requestSingleInstanceLock: takeLock,
    hasSingleInstanceLock: () => hasLock,
    getName: () => name,
    setName: (given) => void (name = given),
    getVersion: () => manifest.version ?? '0.0.0',
    getAppPath: () => appFolder,
    getPath: pathOf,
    setPath: (key, path) => void (paths[key] = path),
    getLocale: () => (isReady() ? system.locale : ''),
    getSystemLocale: () => (isReady() ? system.locale : ''),
    getPreferredSystemLanguages: () => [...system.languages],
    setAppUserModelId: () => {},
    setAboutPanelOptions: () => {},
    enableSandbox: () => beforeReady('app.enableSandbox()'),
    disableHardwareAcceleration: () => beforeReady('app.disableHardwareAcceleration()'),
    focus: () => {},
    setLoginItemSettings: (given) => void (loginItem = given as typeof loginItem),
    getLoginItemSettings: () => ({
      openAtLogin: loginItem.openAtLogin ?? false,
      openAsHidden: false,
      wasOpenedAtLogin: system.wasOpenedAtLogin,
      wasOpenedAsHidden: false,
      restoreState: false,
      status: loginItem.openAtLogin === true ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin:
        loginItem.executableWillLaunchAtLogin ?? loginItem.openAtLogin ?? false,
      launchItems: [],
    }),
  },
  appEmitter,
);

serveCommand('quit', quit);
serveCommand('loginItem', (given?: typeof loginItem) => (loginItem = given ?? loginItem));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, quit);
process.once('exit', () => children.forEach((child) => child.kill()));
// After the main module's synchronous lines; chromium comes up meanwhile.
setImmediate(() => {
  if (isLeaving) return;
  void openChromium().catch((error: unknown) => complain(`chromium: ${String(error)}`));
  becomeReady();
  appEmitter.emit('ready', createEvent(), {});
});
