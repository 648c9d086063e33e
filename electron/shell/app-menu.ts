// The application menu. macOS needs one for its shortcuts; without a tray it is the only way to quit.
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Locale } from '../../shared/text/locale.ts';
import { trayWords } from '../../shared/text/tray-words.ts';

export function setAppMenu(platform: NodeJS.Platform, hasTray: boolean, locale: Locale): void {
  const template = planAppMenu(platform, hasTray, locale);
  Menu.setApplicationMenu(template === null ? null : Menu.buildFromTemplate([...template]));
}

function planAppMenu(
  platform: NodeJS.Platform,
  hasTray: boolean,
  locale: Locale,
): readonly MenuItemConstructorOptions[] | null {
  if (platform === 'darwin') {
    return [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }];
  }
  if (hasTray) return null;
  const quit = { label: trayWords[locale].quit, role: 'quit', accelerator: 'CmdOrCtrl+Q' } as const;
  return [{ label: 'Holdfast', submenu: [quit] }];
}
