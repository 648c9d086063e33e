/** `npm start`: builds the app and opens it on real Electron. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findElectron, noElectron } from './find-electron.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const electron = findElectron();

if (electron === null) {
  console.error(
    `${noElectron}\n\`npm run preview\` opens the app in the installed chromium instead.`,
  );
  process.exitCode = 1;
} else {
  const { status } = spawnSync('npm run build', { cwd: root, shell: true, stdio: 'inherit' });
  if (status === 0) {
    const args = ['dist/electron/main.js', ...process.argv.slice(2)];
    const app = spawn(electron, args, { cwd: root, stdio: 'inherit' });
    app.once('exit', (code) => (process.exitCode = code ?? 1));
  } else process.exitCode = status ?? 1;
}
