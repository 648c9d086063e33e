// The app's own scheme. Chromium knows none, so `app://NAME/path` is `https://NAME.invalid/path` in the page (a secure
// context with an origin of its own that no network answers), and the app's handler answers it. Everything that the app
// itself sees (getURL, senderFrame, navigation events, requests) says `app://` again, as Electron would.
import type { Protocol } from 'electron';
import type { Route } from 'playwright-core';
import { needEarly, needReady } from './life.ts';
import { strictly } from './strict.ts';
import { complain } from './system.ts';

type Handler = (request: GlobalRequest) => GlobalResponse | Promise<GlobalResponse>;
let scheme: string | null = null;
let handler: Handler | null = null;

export const protocol = strictly<Protocol>('protocol', {
  registerSchemesAsPrivileged([given, ...more]) {
    needEarly('registerSchemesAsPrivileged');
    const { standard, secure } = given?.privileges ?? {};
    if (given === undefined || more.length > 0 || !standard || !secure) {
      throw new Error('the stand-in maps one scheme, standard and secure');
    }
    ({ scheme } = given);
  },
  handle(name, answer) {
    needReady('protocol.handle');
    if (name !== scheme) throw new Error(`${name} is not registered as privileged`);
    handler = answer;
  },
});

/** `app://holdfast/x` -> `https://holdfast.invalid/x`; other addresses stay. */
export function toPageUrl(url: string): string {
  const { protocol: own, host } = new URL(url);
  return own === `${scheme}:` ? url.replace(`${own}//${host}`, `https://${host}.invalid`) : url;
}

/** The way back. */
export function toAppUrl(url: string): string {
  return url.replace(/^https:\/\/([^/]+)\.invalid(?=\/|$)/u, `${scheme}://$1`);
}

async function askHandler(route: Route, answer: Handler): Promise<void> {
  const request = route.request();
  const headers = Object.entries(await request.allHeaders()).filter(([name]) => name[0] !== ':');
  const url = toAppUrl(request.url());
  const response = await answer(
    new Request(url, { method: request.method(), headers, body: request.postData() }),
  );
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
}

/** Answers from the app's handler; there is no network behind it. */
export async function answerRoute(route: Route): Promise<void> {
  const url = route.request().url();
  try {
    if (toAppUrl(url) !== url && handler !== null) return await askHandler(route, handler);
    complain(`request to ${url}: no handler, and the stand-in has no network`);
    await route.abort('internetdisconnected');
  } catch (error) {
    // A page that is being closed takes its requests along.
    if (!route.request().frame().page().isClosed()) complain(`handler: ${String(error)}`);
  }
}
