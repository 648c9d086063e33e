// Plain JavaScript, as Electron runs it; its own checks are its types.
// An Electron app that tries what the product uses, and says what it saw. It runs the same on real Electron.
import { readFile } from 'node:fs/promises';
import {
  app,
  BrowserWindow,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  utilityProcess,
} from 'electron';

const messageOf = (action) => {
  try {
    action();
    return null;
  } catch (error) {
    return error.message;
  }
};
const seen = { events: [], said: [], windowOpens: [], navigations: [], urls: [] };
const early = {
  fork: messageOf(() => utilityProcess.fork(new URL('./utility.js', import.meta.url).pathname)),
  window: messageOf(() => new BrowserWindow()),
  session: messageOf(() => session.defaultSession),
  locale: app.getLocale(),
  isReady: app.isReady(),
};

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
const isFirst = app.requestSingleInstanceLock({ from: 'fixture' });
if (!isFirst) app.quit();

app.on('second-instance', (_, argv, cwd, data) =>
  seen.events.push(['second-instance', argv.at(-1), data]),
);
for (const name of ['before-quit', 'will-quit', 'quit']) {
  app.on(name, () => process.stdout.write(`${name}\n`));
}

let window = null;
const asked = {
  early: () => early,
  seen: () => seen,
  late: () =>
    messageOf(() =>
      protocol.registerSchemesAsPrivileged([
        { scheme: 'late', privileges: { standard: true, secure: true } },
      ]),
    ),
  echo: (value) => value,
  uncloneable: () => ({ no: () => 1 }),
  fails: () => {
    throw new Error('handler says no');
  },
  sendUncloneable: () => messageOf(() => window.webContents.send('told', () => 1)),
  tell: (...args) => window.webContents.send('told', ...args),
  sender: (event) => ({
    url: event.senderFrame.url,
    origin: event.senderFrame.origin,
    isMain: event.senderFrame === event.sender.mainFrame,
    isTop: event.senderFrame.parent === null,
    contents: event.sender.getURL(),
    isOwn: event.sender === window.webContents,
  }),
  facts: () => ({
    version: app.getVersion(),
    name: app.getName(),
    isPackaged: app.isPackaged,
    isReady: app.isReady(),
    locale: app.getLocale(),
    languages: app.getPreferredSystemLanguages(),
  }),
  windows: () => BrowserWindow.getAllWindows().map(({ id }) => id === window.id),
  states: () => {
    const events = [];
    for (const name of ['show', 'hide', 'minimize', 'restore'])
      window.on(name, () => events.push(name));
    window.show();
    window.hide();
    const hidden = window.isVisible();
    window.show();
    return { events, hidden, shown: window.isVisible() };
  },
  preventedClose: () => {
    let times = 0;
    window.once('close', (event) => {
      times += 1;
      event.preventDefault();
    });
    window.close();
    return { times, isDestroyed: window.isDestroyed() };
  },
  closing: async () => {
    const events = [];
    const other = new BrowserWindow({ show: false });
    for (const name of ['close', 'closed']) other.on(name, () => events.push(name));
    const gone = new Promise((resolve) => other.once('closed', resolve));
    await other.loadURL('data:text/html,<p>other');
    other.close();
    await gone;
    return { events, isDestroyed: other.isDestroyed(), use: messageOf(() => other.setTitle('x')) };
  },
  pdf: async () => {
    const sheet = new BrowserWindow({
      show: false,
      webPreferences: { javascript: false, partition: 'sheet' },
    });
    await sheet.loadURL(
      `data:text/html;charset=utf-8,${encodeURIComponent('<h1>Blatt</h1><script>document.title="ran"</script>')}`,
    );
    const bytes = await sheet.webContents.printToPDF({ pageSize: 'A4', printBackground: true });
    sheet.destroy();
    return {
      head: bytes.subarray(0, 5).toString('latin1'),
      isBuffer: Buffer.isBuffer(bytes),
      isLong: bytes.length > 1000,
    };
  },
  utility: async () => {
    const child = utilityProcess.fork(new URL('./utility.js', import.meta.url).pathname, [], {
      serviceName: 'fixture',
    });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    const answer = new Promise((resolve) => child.once('message', resolve));
    child.postMessage({ kind: 'echo', at: new Date(5) });
    const { at, ...rest } = await answer;
    const uncloneable = messageOf(() => child.postMessage(() => 1));
    child.postMessage({ kind: 'end', code: 7 });
    return { rest, at: at.getTime(), uncloneable, code: await exit, pid: child.pid };
  },
  utilityKilled: async () => {
    const child = utilityProcess.fork(new URL('./utility.js', import.meta.url).pathname);
    const exit = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.once('spawn', resolve));
    const pid = child.pid;
    const wasKilled = child.kill();
    await exit;
    return { hadPid: typeof pid === 'number', wasKilled };
  },
  menu: () => {
    let clicks = 0;
    const menu = Menu.buildFromTemplate([
      { label: 'One', click: () => (clicks += 1) },
      { type: 'separator' },
    ]);
    return {
      hasMenu: typeof menu.popup,
      clicks,
      invalid: messageOf(() => Menu.buildFromTemplate([{}])),
    };
  },
  theme: (source) => {
    nativeTheme.themeSource = source;
    return nativeTheme.shouldUseDarkColors;
  },
  secret: async () => {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return null;
    const sealed = await safeStorage.encryptStringAsync('geheim');
    const { result } = await safeStorage.decryptStringAsync(sealed);
    return { isSealed: !sealed.includes('geheim'), text: result };
  },
  power: () => typeof powerMonitor.onBatteryPower,
  quit: () => void setImmediate(() => app.quit()),
};

async function serve({ url }) {
  seen.urls.push(url);
  const { pathname } = new URL(url);
  if (!['/index.html', '/page.js'].includes(pathname)) return new Response('', { status: 404 });
  const bytes = await readFile(new URL(`.${pathname}`, import.meta.url));
  const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
  const policy = "default-src 'none'; script-src 'self'; connect-src 'self'";
  return new Response(bytes, {
    headers: { 'content-type': type, 'content-security-policy': policy },
  });
}

await app.whenReady();
app.on('web-contents-created', (_, contents) => {
  contents.on('will-navigate', (event) => {
    seen.navigations.push(event.url);
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    seen.windowOpens.push(url);
    return { action: 'deny' };
  });
});
protocol.handle('app', serve);
ipcMain.handle('ask', (event, name, ...args) =>
  name === 'sender' ? asked.sender(event) : asked[name](...args),
);
ipcMain.on('say', (_, value) => seen.said.push(value));
window = new BrowserWindow({
  show: false,
  webPreferences: { preload: new URL('./preload.cjs', import.meta.url).pathname },
});
await window.loadURL('app://fixture/index.html');
window.show();
