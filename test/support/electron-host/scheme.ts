// The app's own scheme. Chromium knows none, so `app://NAME/path` is `https://NAME.invalid/path` in the page (a secure
// context with an origin of its own that no network answers), and the app's handler answers it. Everything that the app
// itself sees (getURL, senderFrame, navigation events, requests) says `app://` again, as Electron would.
import type { Protocol } from 'electron';
import type { Route } from 'playwright-core';
import { strictly } from './strict.ts';
import { complain } from './system.ts';
import { isReady } from './life.ts';

type Handler = (request: GlobalRequest) => GlobalResponse | Promise<GlobalResponse>;

let scheme: string | null = null;
let handler: Handler | null = null;

export const protocol = strictly<Protocol>('protocol', {
  registerSchemesAsPrivileged([given, ...more]) {
    if (isReady()) throw new Error('registerSchemesAsPrivileged must be called before ready');
    const { standard, secure } = given?.privileges ?? {};
    if (given === undefined || more.length > 0 || !standard || !secure) {
      throw new Error('the stand-in maps one scheme, standard and secure');
    }
    scheme = given.scheme;
  },
  handle(name, answer) {
    if (!isReady()) throw new Error('protocol.handle must be called after ready');
    if (name !== scheme) throw new Error(`${name} is not registered as privileged`);
    if (handler !== null) throw new Error(`${name} has a handler already`);
    handler = answer;
  },
  unhandle() {
    handler = null;
  },
  isProtocolHandled: (name) => name === scheme && handler !== null,
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
  const body = request.postDataBuffer();
  const response = await answer(
    new Request(toAppUrl(request.url()), {
      method: request.method(),
      headers: headers.map(([name, value]) => [name, toAppUrl(value)]),
      body: body === null ? null : new Uint8Array(body),
    }),
  );
  // Where a policy names the scheme, the page's own origin stands for it.
  const policy = (text: string) => text.replaceAll(`${scheme}:`, new URL(request.url()).origin);
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries([...response.headers].map(([name, of]) => [name, policy(of)])),
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
    if (route.request().frame().page().isClosed()) return;
    complain(`handler of ${url}: ${String(error)}`);
    await route.abort('failed');
  }
}
