// Serves the window's files under our own scheme. The scheme must be registered before the app is ready.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol } from 'electron';
import { appFileOf, appOrigin, appScheme } from './app-address.ts';
import { responseHeaders, withStyleNonce } from './response-headers.ts';

/** Where the page for a window that keeps crashing is. */
export const crashPage = `${appOrigin}/crashed.html`;

/** In the first lines of the entry: too late once the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built window from `folder`; `crashHtml` is made for each request, for its language may change. */
export function serveAppFiles(folder: string, crashHtml: () => string): void {
  protocol.handle(appScheme, async ({ url, method }) => {
    const file = method === 'GET' ? appFileOf(url) : null;
    if (file === null) return absent();
    const nonce = randomBytes(16).toString('base64');
    const headers = responseHeaders(file.contentType, nonce);
    if (url === crashPage) return new Response(crashHtml(), { headers });
    try {
      const bytes = await readFile(join(folder, ...file.segments));
      const isPage = file.contentType.startsWith('text/html');
      const body = isPage ? withStyleNonce(bytes.toString('utf8'), nonce) : bytes;
      return new Response(body, { headers });
    } catch {
      return absent();
    }
  });
}

const absent = (): Response =>
  new Response('', { status: 404, headers: responseHeaders('text/plain; charset=utf-8', '') });
