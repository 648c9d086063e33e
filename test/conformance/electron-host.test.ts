/** The stand-in of Electron passes Electron's scenarios, and says no to what it lacks. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import { startApp } from '../support/start-app.ts';
import { describeElectron } from './electron-host.suite.ts';

const main = fileURLToPath(new URL('./electron-fixture/main.js', import.meta.url));

describe('stand-in', () => {
  describeElectron(async () => {
    const dataFolder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-test-')));
    const app = await startApp({ main, dataFolder });
    return {
      page: await app.page(),
      output: app.logs,
      again: app.again,
      ended: app.ended,
      async kill() {
        await app.kill();
        await rm(dataFolder, { recursive: true, force: true });
      },
    };
  });
});
