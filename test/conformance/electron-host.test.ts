/**
 * The stand-in of Electron passes Electron's scenarios. With HOLDFAST_ELECTRON, Electron's program (`npm run e2e:electron`),
 * they run there.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import { describe } from 'vitest';
import { startApp } from '../support/start-app.ts';
import { describeElectron, type FixtureApp } from './electron-host.suite.ts';

const main = fileURLToPath(new URL('./electron-fixture/main.js', import.meta.url));
const program = process.env['HOLDFAST_ELECTRON'];

async function startOnStandIn(dataFolder: string): Promise<FixtureApp> {
  const app = await startApp({ main, dataFolder });
  const { logs: output, again, ended, kill } = app;
  return { page: await app.page(), output, again, ended, kill };
}

async function startOnElectron(executablePath: string, dataFolder: string): Promise<FixtureApp> {
  const args = ['--no-sandbox', '--lang=en-US', `--user-data-dir=${dataFolder}`, main];
  const app = await _electron.launch({ executablePath, args });
  const parts: string[] = [];
  app.process().stdout?.on('data', (part: Buffer) => parts.push(String(part)));
  return {
    page: await app.firstWindow(),
    output: () => parts.join(''),
    ended: once(app.process(), 'exit'),
    async again(...more) {
      const [code] = (await once(spawn(executablePath, [...args, ...more]), 'exit')) as [number];
      return code;
    },
    kill: async () => app.close(),
  };
}

describe(program === undefined ? 'stand-in' : 'Electron', () => {
  describeElectron(async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-test-')));
    const started =
      program === undefined ? startOnStandIn(folder) : startOnElectron(program, folder);
    const app = await started;
    return {
      ...app,
      async kill() {
        await app.kill();
        await rm(folder, { recursive: true, force: true });
      },
    };
  });
});
