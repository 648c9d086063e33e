// An app with everything that a desktop shows, for the driver to see and click. Starts its window when told so.
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  shell,
  Tray,
  utilityProcess,
} from 'electron';

const say = (...words) => process.stdout.write(`${words.join(' ')}\n`);
const icon = new URL('./package.json', import.meta.url).pathname;

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true } },
]);
process.on('uncaughtException', (error) => say('swallowed', error.message));
app.on('window-all-closed', () => say('all closed'));
for (const name of ['suspend', 'on-battery']) {
  powerMonitor.on(name, () => say(name, powerMonitor.onBatteryPower));
}
nativeTheme.on('updated', () => say('dark', nativeTheme.shouldUseDarkColors));

await app.whenReady();
protocol.handle('app', ({ url }) => {
  const isScript = url.endsWith('/page.js');
  const body = isScript
    ? `document.title = ${Date.now()}`
    : '<title>0</title><script src="page.js"></script>';
  const type = isScript ? 'text/javascript' : 'text/html';
  const policy = "script-src 'self'";
  return new Response(body, {
    headers: { 'content-type': type, 'content-security-policy': policy },
  });
});

const actions = {
  notice: () => {
    const notice = new Notification({ title: 'Look', body: 'here' });
    notice.on('click', () => say('notice clicked'));
    notice.show();
  },
  'open file': async () => {
    const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openFile'] });
    say('chosen', canceled, ...filePaths);
  },
  'show folder': () => shell.showItemInFolder('/somewhere'),
  'use what is absent': () => app.getGPUInfo('basic'),
  'hear what is absent': () => app.on('no-such-event', () => 1),
  agent: () => {
    const child = utilityProcess.fork(new URL('./utility.js', import.meta.url).pathname);
    child.on('exit', (code) => say('agent ended', code));
  },
};
const tray = new Tray(icon);
tray.setToolTip('Driven');
tray.on('click', () => say('icon clicked'));
const items = Object.entries(actions).map(([label, click]) => ({ label, click }));
tray.setContextMenu(
  Menu.buildFromTemplate([
    { label: 'not now', enabled: false },
    { type: 'separator' },
    { label: 'More && more', submenu: items },
  ]),
);

let isClosing = false;
app.on('before-quit', () => {
  isClosing = true;
});
const window = new BrowserWindow({
  webPreferences: { preload: new URL('./preload.cjs', import.meta.url).pathname },
});
window.on('close', (event) => {
  if (isClosing) return;
  event.preventDefault();
  window.hide();
  say('hidden');
});
await window.loadURL('app://driven/');
