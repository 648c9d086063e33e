/**
 * `npm run preview`: builds the app and opens it in the installed chromium, for people without Electron. What a desktop
 * would show besides (tray, notices, dialogs) is here in the terminal: `tray` lists the menu, `tray Open Holdfast` clicks,
 * `quit` ends. Its data lie in `.build/preview`, or in the folder given as the argument.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { findChromium } from './find-chromium.ts';
import { startApp, type RunningApp, type ShownDialog, type Told } from './start-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const terminal = createInterface({ input: process.stdin, output: process.stdout });

function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform !== 'linux' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

/** The answer that Electron would give. */
async function askPerson({ method, options }: ShownDialog): Promise<unknown> {
  if (method === 'showMessageBox') {
    const { message, detail = '', buttons = ['OK'] } = options as Record<string, string[] | string>;
    const choices = [...buttons].map((label, index) => `${index + 1} ${label}`).join(', ');
    const chosen = await terminal.question(`${String(message)}\n${String(detail)}\n${choices}: `);
    return { response: Math.max(0, Number(chosen) - 1), checkboxChecked: false };
  }
  const what = method === 'showSaveDialog' ? 'Save as' : 'Which file or folder';
  const path = await terminal.question(`${what} (whole path; nothing cancels): `);
  const canceled = path === '';
  return method === 'showSaveDialog'
    ? { canceled, filePath: path }
    : { canceled, filePaths: canceled ? [] : [path] };
}

async function show(app: RunningApp, told: Told): Promise<void> {
  if (told.what === 'notice') console.log(`Notice: ${told.facts.title}\n  ${told.facts.body}`);
  if (told.what === 'complaint') console.log(`Page: ${told.facts}`);
  if (told.what === 'opened') console.log(`Would open: ${told.facts.target}`);
  if (told.what !== 'dialog') return;
  const { method, options } = told.facts;
  if (method === 'showErrorBox') console.log(options);
  else await app.dialogs.answer(method, await askPerson(told.facts));
}

async function obey(app: RunningApp, line: string): Promise<void> {
  const [word, ...rest] = line.trim().split(' ');
  if (word === 'quit') await app.quit();
  else if (word === 'tray' && rest.length > 0) await app.tray.click(...rest.join(' ').split(' > '));
  else if (word === 'tray') {
    const { toolTip = 'no tray', items = [] } = (await app.tray.state()) ?? {};
    console.log([toolTip, ...items.map(({ label }) => `  ${label}`)].join('\n'));
  } else console.log('tray, tray MENU ITEM, tray MENU > ITEM, quit');
}

async function preview(): Promise<void> {
  const { status } = spawnSync('npm run build', { cwd: root, shell: true, stdio: 'inherit' });
  if (status !== 0) throw new Error('the app was not built');
  const app: RunningApp = await startApp({
    main: resolve(root, 'dist/electron/main.js'),
    dataFolder: resolve(process.argv[2] ?? resolve(root, '.build/preview')),
    env: { HOME: process.env['HOME'] },
    system: {
      isHeaded: true,
      chromium: findChromium(),
      locale: Intl.DateTimeFormat().resolvedOptions().locale,
    },
    onTold: (told) => void show(app, told).catch(console.error),
  });
  console.log('Type `tray` for the menu of the tray, `quit` to end.');
  terminal.on('line', (line) => void obey(app, line).catch(console.error));
  await app.ended;
  process.stderr.write(app.logs());
  terminal.close();
}

if (hasDisplay()) await preview();
else {
  console.error('There is no display here. Set DISPLAY, or: xvfb-run -a npm run preview');
  terminal.close();
  process.exitCode = 1;
}
