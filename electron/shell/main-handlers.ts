// What only the shell can do for a window: dialogs, the file manager, the recovery kit, and how the app stands here.
import { BrowserWindow, dialog, shell, type OpenDialogOptions } from 'electron';
import type { MainHandlers } from '../ipc/serve-windows.ts';
import type { Locale } from '../../shared/text/locale.ts';
import type { SignInStart } from './plan-sign-in-start.ts';
import { saveKit, type KitSetting } from './save-kit.ts';

export interface ShellFacts {
  readonly version: string;
  readonly systemLocale: Locale;
  readonly locale: () => Locale;
  readonly zone: () => string;
  readonly hasTray: () => boolean;
  readonly signInStart: () => SignInStart;
  readonly holdWindow: (isHeld: boolean) => void;
  readonly write: KitSetting['write'];
}

export function createMainHandlers(facts: ShellFacts): MainHandlers {
  return {
    pickFile: async () => ({ path: await pick({ properties: ['openFile'] }) }),
    pickFolder: async () => ({
      path: await pick({ properties: ['openDirectory', 'createDirectory'] }),
    }),
    saveKit: async ({ kit }) => {
      const { write } = facts;
      const setting = { locale: facts.locale(), zone: facts.zone(), over: front(), write };
      return { path: await saveKit(kit, setting) };
    },
    showInFolder: async ({ path }) => {
      shell.showItemInFolder(path);
      return {};
    },
    holdWindow: async ({ isHeld }) => {
      facts.holdWindow(isHeld);
      return {};
    },
    shellInfo: async () => ({
      version: facts.version,
      platform: platformOf(process.platform),
      systemLocale: facts.systemLocale,
      hasTray: facts.hasTray(),
      signInStart: facts.signInStart(),
    }),
  };
}

async function pick(options: OpenDialogOptions): Promise<string | null> {
  const asked = {
    ...options,
    properties: [...(options.properties ?? []), 'dontAddToRecent' as const],
  };
  const over = front();
  const { canceled, filePaths } =
    over === null ? await dialog.showOpenDialog(asked) : await dialog.showOpenDialog(over, asked);
  return canceled ? null : (filePaths[0] ?? null);
}

const front = (): BrowserWindow | null =>
  BrowserWindow.getAllWindows().find((window) => window.isVisible()) ?? null;

const platformOf = (platform: NodeJS.Platform): 'win32' | 'darwin' | 'linux' =>
  platform === 'win32' || platform === 'darwin' ? platform : 'linux';
