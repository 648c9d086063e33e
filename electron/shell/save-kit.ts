// Makes the recovery kit a PDF where the person wants it. The page that is printed has no script, no bridge and no way out.
import { app, BrowserWindow, dialog, type SaveDialogOptions } from 'electron';
import { join } from 'node:path';
import type { RecoveryKit } from '../../shared/model/setup.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { kitFileName, kitPage } from './kit-page.ts';

export interface KitSetting {
  readonly locale: Locale;
  readonly zone: string;
  /** The dialog stands in front of it; null: of nothing. */
  readonly over: BrowserWindow | null;
  /** Replaces a file durably. */
  readonly write: (path: string, bytes: Uint8Array) => Promise<void>;
}

/** Resolves with where it is; null: the person changed their mind. */
export async function saveKit(kit: RecoveryKit, setting: KitSetting): Promise<string | null> {
  const options: SaveDialogOptions = {
    defaultPath: join(app.getPath('documents'), kitFileName(kit.planName, setting.locale)),
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
  };
  const { over } = setting;
  const { canceled, filePath } =
    over === null
      ? await dialog.showSaveDialog(options)
      : await dialog.showSaveDialog(over, options);
  if (canceled || filePath === '') return null;
  await setting.write(filePath, await printed(kitPage(kit, setting.locale, setting.zone)));
  return filePath;
}

async function printed(html: string): Promise<Uint8Array> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      // In memory only, and apart from the window's own.
      partition: 'recovery-kit',
      sandbox: true,
      contextIsolation: true,
      javascript: false,
      spellcheck: false,
    },
  });
  try {
    await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(html)}`);
    return await window.webContents.printToPDF({ pageSize: 'A4', printBackground: true });
  } finally {
    window.destroy();
  }
}
