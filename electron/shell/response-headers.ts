// The headers of everything that the window loads: only our own scripts run, only styles with this load's nonce count,
// nothing is fetched from anywhere, and no other page may hold ours.

/** `styleNonce` is new for each load of a page. */
export function contentSecurityPolicy(styleNonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${styleNonce}'`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** All headers of one answer. */
export function responseHeaders(contentType: string, styleNonce: string): Record<string, string> {
  return {
    'content-type': contentType,
    'content-security-policy': contentSecurityPolicy(styleNonce),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}

/** index.html with this load's nonce, for the styles that the window makes itself. */
export function withStyleNonce(html: string, styleNonce: string): string {
  const empty = '<meta name="style-nonce" content=""';
  if (!html.includes(empty)) throw new Error('the page has no place for the style nonce');
  return html.replace(empty, () => `${empty.slice(0, -1)}${styleNonce}"`);
}
