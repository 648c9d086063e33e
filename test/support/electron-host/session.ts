// The one session: what pages may ask for. A test asks in a page's place.
import type { Session } from 'electron';
import { needReady } from './life.ts';
import { protocol } from './scheme.ts';
import { createEmitter, strictly } from './strict.ts';
import { serveCommand } from './system.ts';

type RequestHandler = Parameters<Session['setPermissionRequestHandler']>[0];
let requestHandler: RequestHandler = null;

export const defaultSession = strictly<Session>(
  'session',
  {
    protocol,
    setPermissionRequestHandler(handler) {
      requestHandler = handler;
    },
    setPermissionCheckHandler: () => {},
    setDevicePermissionHandler: () => {},
    setSpellCheckerEnabled: () => {},
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
serveCommand('permission', async (permission: string, url: string) => {
  const handler = requestHandler;
  if (handler === null) return true;
  const details = { requestingUrl: url, isMainFrame: true };
  return new Promise((resolve) => handler(null as never, permission as never, resolve, details));
});
