// What the desktop does for an app: notices, dialogs, opening things, power, secrets. Each is told to who drives the app,
// and each answer comes from there; a dialog that nobody answers stays open, as on a real desktop.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Dialog,
  Notification as RealNotification,
  NotificationConstructorOptions,
  PowerMonitor,
  SafeStorage,
  Shell,
} from 'electron';
import { needReady } from './life.ts';
import { createEmitter, createEvent, strictly } from './strict.ts';
import { serveCommand, system, tell } from './system.ts';

const notices: NodeJS.EventEmitter[] = [];

const createNotice = (options: NotificationConstructorOptions = {}): RealNotification => {
  needReady('Notification');
  const emitter = createEmitter('Notification', 'show click close failed action reply');
  const emit = (event: string): void => void emitter.emit(event, createEvent());
  const show = (): void => {
    if (!system.hasNotifications) return emit('failed');
    const id = notices.push(emitter) - 1;
    tell('notice', { id, title: options.title ?? '', body: options.body ?? '' });
    emit('show');
  };
  return strictly<RealNotification>('Notification', { show, close: () => emit('close') }, emitter);
};
export const Notification = strictly<typeof RealNotification>(
  'Notification',
  { isSupported: () => system.hasNotifications },
  function Notification(options: NotificationConstructorOptions) {
    return createNotice(options);
  },
);
serveCommand('clickNotice', (id: number) => notices[id]?.emit('click', createEvent()));

/** Dialogs that stand open, and answers that came before their dialog, by method. */
const open = new Map<string, ((answer: never) => void)[]>();
const early = new Map<string, unknown[]>();
const ask =
  (method: string) =>
  async (...args: readonly unknown[]): Promise<never> => {
    needReady('dialog');
    tell('dialog', { method, options: args.at(-1) });
    const answers = early.get(method) ?? [];
    if (answers.length > 0) return answers.shift() as never;
    return new Promise((resolve) => open.set(method, [...(open.get(method) ?? []), resolve]));
  };
serveCommand('answerDialog', (method: string, answer: never) => {
  const close = open.get(method)?.shift();
  if (close === undefined) early.set(method, [...(early.get(method) ?? []), answer]);
  else close(answer);
});

export const dialog = strictly<Dialog>('dialog', {
  showOpenDialog: ask('showOpenDialog'),
  showSaveDialog: ask('showSaveDialog'),
  showMessageBox: ask('showMessageBox'),
  showErrorBox: (title, content) =>
    tell('dialog', { method: 'showErrorBox', options: { title, content } }),
});

const opened = (method: string, target: string): void => tell('opened', { method, target });
export const shell = strictly<Shell>('shell', {
  openExternal: async (url) => opened('openExternal', url),
  showItemInFolder: (path) => opened('showItemInFolder', path),
  async openPath(path) {
    opened('openPath', path);
    return existsSync(path) ? '' : 'No such file';
  },
});

const power = createEmitter(
  'powerMonitor',
  'suspend resume on-ac on-battery shutdown lock-screen unlock-screen',
);
let isOnBattery = system.isOnBattery;
export const powerMonitor = strictly<PowerMonitor>(
  'powerMonitor',
  {
    isOnBatteryPower: () => isOnBattery,
    get onBatteryPower() {
      return isOnBattery;
    },
  },
  power,
);
serveCommand('power', (event: string) => {
  if (event === 'on-battery' || event === 'on-ac') isOnBattery = event === 'on-battery';
  power.emit(event, createEvent());
});

function storageKey(): Buffer {
  const file = join(system.profile, 'safe-storage.key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 });
  return readFileSync(file);
}
export const safeStorage = strictly<SafeStorage>('safeStorage', {
  isAsyncEncryptionAvailable: async () => true,
  getSelectedStorageBackend: () => system.secretBackend,
  async encryptStringAsync(text) {
    needReady('safeStorage');
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', storageKey(), iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  },
  async decryptStringAsync(bytes) {
    const cipher = createDecipheriv('aes-256-gcm', storageKey(), bytes.subarray(0, 12));
    cipher.setAuthTag(bytes.subarray(12, 28));
    const parts = [cipher.update(bytes.subarray(28)), cipher.final()];
    return { result: Buffer.concat(parts).toString('utf8'), shouldReEncrypt: false };
  },
});
