// The window's own address, and which file of the built window answers a request for it.
// Promise: no request leaves the folder of the built window, however it is written.

export const appScheme = 'app';
export const appOrigin = 'app://holdfast';
export const startPage = `${appOrigin}/index.html`;

const typesByEnding: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
};

export interface AppFile {
  /** Below the folder of the built window; each a plain name. */
  readonly segments: readonly string[];
  readonly contentType: string;
}

/** The file that `url` asks for; null: it asks for nothing of ours. */
export function appFileOf(url: string): AppFile | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  if (`${protocol}//${host}` !== appOrigin) return null;
  const segments = pathname.slice(1).split('/').map(decoded);
  if (!segments.every(isPlainName)) return null;
  const contentType = typesByEnding[segments.at(-1)?.split('.').at(-1) ?? ''];
  return contentType === undefined ? null : { segments, contentType };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

/** What the build writes; everything that means more to some system (dots, colons, slashes, spaces) is not. */
const isPlainName = (name: string): boolean => /^[\w-]+(\.[\w-]+)*$/u.test(name);
