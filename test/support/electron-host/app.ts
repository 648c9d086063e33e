// app: its life from the first line to the exit, its lock, its paths and names.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { App, LoginItemSettings } from 'electron';
import { closeChromium, openChromium } from './chromium-page.ts';
import { life, needEarly, windows } from './life.ts';
import { createEmitter, createEvent, emitPreventable, strictly } from './strict.ts';
import { complain, serveCommand, system } from './system.ts';

export const appEmitter = createEmitter(
  'app',
  'ready window-all-closed before-quit will-quit quit activate second-instance browser-window-created web-contents-created render-process-gone child-process-gone',
);

function findManifest(folder: string): string {
  const path = join(folder, 'package.json');
  return existsSync(path) || dirname(folder) === folder ? path : findManifest(dirname(folder));
}
const manifestPath = findManifest(dirname(process.argv[1] ?? ''));
const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Record<string, string>;
const name = manifest['productName'] ?? manifest['name'] ?? '';

const appData = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
const paths: Record<string, string> = {
  appData,
  home: homedir(),
  temp: tmpdir(),
  userData: join(appData, name),
  documents: join(homedir(), 'Documents'),
  desktop: join(homedir(), 'Desktop'),
};
function pathOf(key: string): string {
  const path = paths[key];
  if (path === undefined) throw new Error(`Failed to get '${key}' path`);
  return path;
}

let isLeaving = false;
let lastWords: Promise<unknown> = Promise.resolve();
async function leave(code: number): Promise<void> {
  if (isLeaving) return;
  isLeaving = true;
  appEmitter.emit('quit', createEvent(), code);
  await Promise.allSettled([lastWords, closeChromium()]);
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
life.onAllClosed = () => {
  if (!isQuitting && !appEmitter.emit('window-all-closed')) quit();
};

function isHeldByOther(lockFile: string): boolean {
  try {
    return process.kill(Number(readFileSync(lockFile, 'utf8')), 0);
  } catch {
    return false;
  }
}

/** One app for each userData folder; a second one hands its words over. */
function takeLock(data: unknown): boolean {
  const folder = pathOf('userData');
  mkdirSync(folder, { recursive: true });
  const lockFile = join(folder, 'SingletonLock');
  const mark = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const socketFile = join(tmpdir(), `electron-host-${mark}.sock`);
  if (isHeldByOther(lockFile)) {
    const words = JSON.stringify([process.argv, process.cwd(), data]);
    const socket = connect(socketFile);
    lastWords = new Promise((resolve) => socket.once('close', resolve).end(words));
    return false;
  }
  for (const file of [lockFile, socketFile]) {
    rmSync(file, { force: true });
    process.once('exit', () => rmSync(file, { force: true }));
  }
  writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
  const server = createServer((socket) => {
    void buffer(socket).then((bytes) => {
      appEmitter.emit(
        'second-instance',
        createEvent(),
        ...(JSON.parse(String(bytes)) as unknown[]),
      );
    });
  });
  server.listen(socketFile).unref();
  return true;
}

let loginItem: Partial<LoginItemSettings> = {};
const whenReady = new Promise<void>((resolve) => appEmitter.once('ready', resolve));

export const app = strictly<App>(
  'app',
  {
    isPackaged: system.isPackaged,
    isReady: () => life.isReady,
    whenReady: async () => whenReady,
    quit,
    exit: (code = 0) => {
      for (const window of windows) window.destroy();
      void leave(code);
    },
    requestSingleInstanceLock: takeLock,
    getName: () => name,
    getVersion: () => manifest['version'] ?? '',
    getAppPath: () => dirname(manifestPath),
    getPath: pathOf,
    setPath: (key, path) => void (paths[key] = path),
    getLocale: () => (life.isReady ? system.locale : ''),
    getPreferredSystemLanguages: () => [...system.languages],
    setAppUserModelId: () => undefined,
    enableSandbox: () => needEarly('app.enableSandbox()'),
    setLoginItemSettings: (given) => void (loginItem = { openAtLogin: given.openAtLogin ?? true }),
    getLoginItemSettings: () => ({
      openAtLogin: false,
      openAsHidden: false,
      wasOpenedAtLogin: system.wasOpenedAtLogin,
      wasOpenedAsHidden: false,
      restoreState: false,
      status: loginItem.openAtLogin === true ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: loginItem.openAtLogin === true,
      launchItems: [],
      ...loginItem,
    }),
  },
  appEmitter,
);

serveCommand('quit', quit);
/** As if somebody had changed it in the system's settings. */
serveCommand('loginItem', (given?: typeof loginItem) => (loginItem = given ?? loginItem));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, quit);
// After the main module's synchronous lines; chromium comes up meanwhile.
setImmediate(() => {
  if (isLeaving) return;
  void openChromium().catch((error: unknown) => complain(`chromium: ${String(error)}`));
  life.isReady = true;
  appEmitter.emit('ready', createEvent(), {});
});
