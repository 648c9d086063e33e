/** `npm run e2e:electron`: the scenarios of the stand-in on real Electron; without its program they are named as skipped. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findElectron, noElectron } from './find-electron.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const electron = findElectron();

if (electron === null) {
  console.log(`skipped: test/conformance/electron-host.suite.ts on Electron\n${noElectron}`);
} else {
  const command = 'vitest run --project conformance test/conformance/electron-host.test.ts';
  const env = { ...process.env, HOLDFAST_ELECTRON: electron };
  const { status } = spawnSync(`npx ${command}`, { cwd: root, env, shell: true, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
