// Whether this desktop shows a tray. Windows and macOS do; on Linux only a desktop with a host for status icons does
// (GNOME has none by itself), and Electron does not tell.
import { execFile } from 'node:child_process';

const LONGEST_LOOK_MS = 3_000;

const question = [
  '--session',
  '--print-reply',
  '--dest=org.kde.StatusNotifierWatcher',
  '/StatusNotifierWatcher',
  'org.freedesktop.DBus.Properties.Get',
  'string:org.kde.StatusNotifierWatcher',
  'string:IsStatusNotifierHostRegistered',
];

/** `override` is HOLDFAST_TRAY, for desktops that say the wrong thing: yes or no. */
export async function hasTray(
  platform: NodeJS.Platform,
  override: string | undefined,
): Promise<boolean> {
  if (override === 'yes' || override === 'no') return override === 'yes';
  if (platform !== 'linux') return true;
  return new Promise((resolve) => {
    execFile('dbus-send', question, { timeout: LONGEST_LOOK_MS }, (error, stdout) =>
      // In doubt there is none: a window that is minimised can always be found again.
      resolve(error === null && /boolean true/u.test(stdout)),
    );
  });
}
