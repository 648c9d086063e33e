// Whether the keyring of a Linux desktop is locked, asked without a window: libsecret itself would ask the person.
import { execFile } from 'node:child_process';

const ANSWER_WITHIN_MS = 5_000;

const QUESTION = [
  '--session',
  '--print-reply=literal',
  '--dest=org.freedesktop.secrets',
  '/org/freedesktop/secrets/aliases/default',
  'org.freedesktop.DBus.Properties.Get',
  'string:org.freedesktop.Secret.Collection',
  'string:Locked',
];

/** True or false where the secret service tells; null elsewhere, and where there is no dbus-send. */
export async function readKeyringLock(): Promise<boolean | null> {
  if (process.platform !== 'linux') return null;
  return new Promise((resolve) => {
    execFile('dbus-send', QUESTION, { timeout: ANSWER_WITHIN_MS }, (error, answer) => {
      const [, isLocked] = /boolean (true|false)/.exec(error === null ? answer : '') ?? [];
      resolve(isLocked === undefined ? null : isLocked === 'true');
    });
  });
}
