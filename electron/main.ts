// The app's entry: composition only. What Electron wants before it is ready comes first and waits for nothing.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import manifest from '../package.json' with { type: 'json' };
import { systemClock } from './platform/system-clock.ts';
import { dataFolder } from './plans/data-folder.ts';
import { writeDurably } from './plans/durable-file.ts';
import { createErrorLog } from './shell/error-log.ts';
import { denyNavigation } from './shell/harden.ts';
import { runShell } from './shell/run-shell.ts';
import { registerAppScheme } from './shell/serve-app-files.ts';

registerAppScheme();
app.enableSandbox();
denyNavigation();

const folder = dataFolder();
const now = (): number => systemClock.nowMs();
const log = createErrorLog(folder, now);
// A dialog for each of them would help nobody; the agent and its backups are a process of their own.
process.on('uncaughtException', (error) => log('an error that nobody expected', error));
process.on('unhandledRejection', (reason) => log('a promise that nobody awaited', reason));

// What chromium keeps lies with our own data, and one data folder has one app.
const windowFolder = join(folder, 'window');
mkdirSync(windowFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', windowFolder);
if (process.platform === 'win32') app.setAppUserModelId('holdfast.desktop');

if (app.requestSingleInstanceLock()) {
  void app.whenReady().then(async () =>
    runShell({
      builtFolder: import.meta.dirname,
      version: manifest.version,
      now,
      monotonicMs: () => systemClock.monotonicMs(),
      log,
      write: writeDurably,
    }),
  );
} else {
  app.quit();
}
