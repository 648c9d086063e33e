// Start at sign-in, as each system has it: an entry of Windows, a login item of macOS, an autostart file of Linux.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { app } from 'electron';
import {
  autostartFile,
  backgroundFlag,
  linuxEntry,
  macEntry,
  planSignInStart,
  windowsEntry,
  type SignInEntry,
  type SignInPlan,
  type SignInStart,
} from './plan-sign-in-start.ts';

/** Makes it as `wants` says, unless the system says otherwise; answers how it stands then. */
export async function applySignInStart(wants: boolean): Promise<SignInStart> {
  const system = systems[process.platform as keyof typeof systems] ?? linux;
  const entry = app.isPackaged ? await system.look() : 'absent';
  const { change, state } = planSignInStart(wants, app.isPackaged, entry);
  if (change !== null) await system.make(change);
  return state;
}

interface System {
  readonly look: () => Promise<SignInEntry['kind']>;
  readonly make: (change: NonNullable<SignInPlan['change']>) => Promise<void>;
}

const windows: System = {
  look: async () => windowsEntry(app.getLoginItemSettings({ args: [backgroundFlag] })),
  make: async (change) =>
    app.setLoginItemSettings({ openAtLogin: change === 'add', args: [backgroundFlag] }),
};

const mac: System = {
  look: async () => macEntry(app.getLoginItemSettings().status),
  make: async (change) => app.setLoginItemSettings({ openAtLogin: change === 'add' }),
};

const linux: System = {
  look: async () => linuxEntry(await textOf(autostartPath()), dueFile()),
  make: async (change) => {
    const path = autostartPath();
    if (change === 'remove') return rm(path, { force: true });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, dueFile());
  },
};

const systems = { win32: windows, darwin: mac, linux };

/** An AppImage runs from a folder that is another one each time. */
const dueFile = (): string => autostartFile(process.env['APPIMAGE'] ?? process.execPath);

function autostartPath(): string {
  const given = process.env['XDG_CONFIG_HOME'] ?? '';
  const folder = isAbsolute(given) ? given : join(homedir(), '.config');
  return join(folder, 'autostart', 'holdfast.desktop');
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
