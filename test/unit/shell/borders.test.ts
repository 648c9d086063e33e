import { describe, expect, test } from 'vitest';
import { routeCall } from '../../../electron/ipc/route-call.ts';
import { isTrusted } from '../../../electron/ipc/sender-check.ts';
import { appFileOf, appOrigin } from '../../../electron/shell/app-address.ts';
import {
  contentSecurityPolicy,
  responseHeaders,
  withStyleNonce,
} from '../../../electron/shell/response-headers.ts';
import { contract } from '../../../shared/ipc/contract.ts';

describe('who may speak to the shell', () => {
  const own = { isOwnWindow: true, isTopFrame: true, url: `${appOrigin}/index.html` };

  test('our own page in the top frame of our own window', () => {
    expect(isTrusted(own, appOrigin)).toBe(true);
  });

  test.each([
    ['another window', { ...own, isOwnWindow: false }],
    ['a frame in the page', { ...own, isTopFrame: false }],
    ['a frame that is gone', { ...own, url: null }],
    ['a page of the net', { ...own, url: 'https://holdfast/index.html' }],
    ['another host of the scheme', { ...own, url: 'app://holdfast.evil/index.html' }],
    ['a host that only begins like ours', { ...own, url: 'app://holdfastx/' }],
    ['ours as a user name', { ...own, url: 'app://holdfast@evil/' }],
    ['a user name before ours', { ...own, url: 'app://evil@holdfast/' }],
    ['an empty page', { ...own, url: 'about:blank' }],
    ['a file', { ...own, url: 'file:///app://holdfast' }],
    ['no address at all', { ...own, url: '' }],
  ])('not %s', (_, sender) => {
    expect(isTrusted(sender, appOrigin)).toBe(false);
  });
});

describe('where calls go', () => {
  test('each call of the contract where it is served, and none that is not open to a window', () => {
    for (const [name, { openTo, servedBy }] of Object.entries(contract)) {
      expect(routeCall(name).kind, name).toBe(openTo === 'window' ? servedBy : 'refused');
    }
    for (const name of ['close', 'suspend', 'power', 'backup']) {
      expect(routeCall(name).kind, name).toBe('refused');
    }
  });

  test.each([['toString'], ['__proto__'], ['constructor'], [''], ['nothing'], [7], [null], [{}]])(
    'not anywhere: %s',
    (name) => {
      expect(routeCall(name).kind).toBe('refused');
    },
  );
});

describe('what a request for the window reads', () => {
  test.each([
    ['index.html', ['index.html'], 'text/html; charset=utf-8'],
    ['assets/index-B7_x.js', ['assets', 'index-B7_x.js'], 'text/javascript; charset=utf-8'],
    ['assets/index.css?v=1#x', ['assets', 'index.css'], 'text/css; charset=utf-8'],
  ])('%s', (path, segments, contentType) => {
    expect(appFileOf(`${appOrigin}/${path}`)).toEqual({ segments, contentType });
  });

  test.each([
    `${appOrigin}/..%2f..%2fsecrets.json`,
    `${appOrigin}/..%5c..%5csecrets.json`,
    `${appOrigin}/assets/%252e%252e/x.js`,
    `${appOrigin}/assets%2f..%2f..%2fmain.js`,
    `${appOrigin}/c:/windows/x.js`,
    `${appOrigin}/x.js:stream.js`,
    `${appOrigin}/x.js%00.html`,
    `${appOrigin}/%ff.js`,
    `${appOrigin}//server/share/x.js`,
    `${appOrigin}/.env.js`,
    `${appOrigin}/index.html.`,
    `${appOrigin}/`,
    `${appOrigin}/main.ts`,
    `${appOrigin}/package`,
    'app://other/index.html',
    'https://holdfast/index.html',
    'file:///etc/passwd.html',
    'nothing',
  ])('nothing for %s', (url) => {
    expect(appFileOf(url)).toBeNull();
  });

  test('dots are gone before the file is looked for', () => {
    for (const path of ['assets/../../../index.html', '%2e%2e/%2E%2e/index.html']) {
      expect(appFileOf(`${appOrigin}/${path}`)?.segments).toEqual(['index.html']);
    }
  });
});

describe('what the window may do with what it loads', () => {
  test('only its own scripts, only styles of this load, nothing from anywhere', () => {
    const policy = contentSecurityPolicy('abc+/=');
    const rules = new Map(
      policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
    );
    expect(rules.get('default-src')).toEqual(["'none'"]);
    expect(rules.get('script-src')).toEqual(["'self'"]);
    expect(rules.get('style-src')).toEqual(["'self'", "'nonce-abc+/='"]);
    expect(rules.get('connect-src')).toEqual(["'none'"]);
    expect(rules.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy).not.toMatch(/unsafe|https?:|\*/u);
  });

  test('no other page holds it or reads from it', () => {
    expect(responseHeaders('text/html', 'x')).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
  });

  test('the page gets the nonce of its load, and a page without a place for it is a mistake', () => {
    expect(withStyleNonce('<meta name="style-nonce" content="" />', 'n$&1')).toBe(
      '<meta name="style-nonce" content="n$&1" />',
    );
    expect(() => withStyleNonce('<p>', 'n')).toThrow('style nonce');
  });
});
