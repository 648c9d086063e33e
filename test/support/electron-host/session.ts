// The one session: what pages may ask for. A test asks in a page's place.
import type { Session } from 'electron';
import { needReady } from './life.ts';
import { createEmitter, strictly } from './strict.ts';
import { serveCommand } from './system.ts';

let answer: Parameters<Session['setPermissionRequestHandler']>[0] = null;

export const defaultSession = strictly<Session>(
  'session',
  {
    setPermissionRequestHandler: (handler) => void (answer = handler),
    setPermissionCheckHandler: () => undefined,
  },
  createEmitter('session', 'will-download'),
);

export const session = strictly<typeof Electron.Session>('session', {
  get defaultSession() {
    needReady('session.defaultSession');
    return defaultSession;
  },
});

/** Whether the app would grant it; Electron grants everything when nobody was asked. */
serveCommand('permission', async (permission: string) =>
  answer === null
    ? true
    : new Promise((resolve) => answer?.(null as never, permission as never, resolve, {} as never)),
);
