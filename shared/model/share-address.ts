// The address of a network share as a place: smb://[[domain;]user@]server[:port]/share[/folder...], the one spelling of it.
// Promise: an address never holds a password, and two spellings of one place become the same text. Pure; no look at a network.

export interface ShareAddress {
  /** Null: as a guest, or by a connection that the person has made. */
  readonly user: string | null;
  /** Of the user; null: the server's own. */
  readonly domain: string | null;
  /** Lower case; an IPv6 address stands in brackets. */
  readonly server: string;
  /** Null: the usual one, 445. */
  readonly port: number | null;
  readonly share: string;
  /** Below the share. */
  readonly folders: readonly string[];
}

const USUAL_PORT = 445;
const SCHEME = /^smb:\/\//iu;
const PARTS = /^smb:\/\/(?:([^@/]*)@)?(\[[0-9a-f:.]+\]|[^:@/[\]]+)(?::(\d{1,5}))?\/(.*)$/iu;
const SERVER = /^(?:\[[0-9a-f:.]+\]|[\p{L}\p{N}](?:[\p{L}\p{N}._-]*[\p{L}\p{N}])?)$/u;
/** Names that a Windows server does not take, or takes for something else. */
const NOT_IN_NAMES = /[<>:"/\\|?*\p{Cc}]|^\.{1,2}$|[. ]$|^ /u;
const NOT_IN_USERS = /[<>:"/\\|?*;\p{Cc}]|^\s|\s$/u;
const UNC = /^\\\\([^\\/?.][^\\/]*)[\\/]+([^\\/]+)(?:[\\/]+(.*))?$/u;

/** True for what is meant as the address of a share, sound or not. */
export function looksLikeShare(text: string): boolean {
  return SCHEME.test(text);
}

/** Null for what is no sound address, also for one that holds a password. */
export function parseShareAddress(text: string): ShareAddress | null {
  const [, login, server = '', port, way = ''] = PARTS.exec(text.normalize('NFC')) ?? [];
  const who = login === undefined ? GUEST : parseShareUser(decoded(login));
  const number = port === undefined ? USUAL_PORT : Number(port);
  if (who === null || !SERVER.test(server) || number < 1 || number > 65_535) return null;
  const [share, ...folders] = way
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  if (share === undefined || ![share, ...folders].every(isName)) return null;
  return {
    ...who,
    server: server.toLowerCase(),
    port: number === USUAL_PORT ? null : number,
    share: share ?? '',
    folders: folders.filter((folder) => folder !== null),
  };
}

/** `user`, `DOMAIN\user`, `DOMAIN;user` or `user@domain.example`; null for anything else. */
export function parseShareUser(text: string | null): Pick<ShareAddress, 'user' | 'domain'> | null {
  const [, domain, user = ''] = /^(?:([^;\\]*)[;\\])?(.*)$/u.exec(text ?? '') ?? [];
  const isSound = [domain ?? user, user].every((part) => part !== '' && !NOT_IN_USERS.test(part));
  return isSound ? { user, domain: domain ?? null } : null;
}

/** The one spelling; blanks and letters beyond ASCII are percent-encoded. */
export function formatShareAddress(address: ShareAddress): string {
  return [formatShareRoot(address), ...address.folders.map(encodeURIComponent)].join('/');
}

/** The share itself, without folders: what one connection serves. */
export function formatShareRoot({ user, domain, server, port, share }: ShareAddress): string {
  const who =
    user === null ? '' : `${domain === null ? '' : `${encoded(domain)};`}${encoded(user)}@`;
  const where = port === null ? server : `${server}:${port}`;
  return `smb://${who}${where}/${encodeURIComponent(share)}`;
}

/** A UNC path (`\\server\share\folder`) and a user as an address; null for what is no UNC path. */
export function shareOfUnc(path: string, user: string): ShareAddress | null {
  const [, server, share, way = ''] = UNC.exec(path) ?? [];
  const who = parseShareUser(user);
  if (server === undefined || share === undefined || who === null) return null;
  const folders = way.split(/[\\/]+/u).filter((part) => part !== '');
  const found = { ...who, server, port: null, share, folders };
  return parseShareAddress(formatShareAddress(found));
}

const GUEST = { user: null, domain: null } as const;
const encoded = encodeURIComponent;

const isName = (name: string | null): name is string => name !== null && !NOT_IN_NAMES.test(name);

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part).normalize('NFC');
  } catch {
    return null;
  }
}
