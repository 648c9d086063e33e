// What AppleScript is told to mount, how its answer is read, and where macOS has mounted what. Pure.
import { formatShareRoot, type ShareAddress } from '../../../shared/model/share-address.ts';
import type { ShareTrouble } from './share-failures.ts';

const REFUSED = new Set([-5000, -5002, -5003, -5023, -5042, -5045, -6600, -128]);
const NO_SUCH_SHARE = new Set([-35, -43, -5019]);

/** The script for the standard input of `osascript -`; it prints the folder. */
export function mountScript(share: ShareAddress, password: string | null): string {
  const address = formatShareRoot({ ...share, user: null, domain: null });
  const user = share.domain === null ? share.user : `${share.domain};${share.user}`;
  const login =
    user === null ? '' : ` as user name ${quoted(user)} with password ${quoted(password ?? '')}`;
  return `POSIX path of (mount volume ${quoted(address)}${login})\n`;
}

/** AppleScript names errors by number, at the end of a line: `execution error: ... (-5023)`. */
export function readMountTrouble(output: string): ShareTrouble {
  const number = Number(/\((-?\d+)\)\s*$/mu.exec(output)?.[1] ?? NaN);
  if (REFUSED.has(number)) return { kind: 'refused' };
  if (NO_SUCH_SHARE.has(number)) return { kind: 'no-such-share' };
  return { kind: 'unreachable', detail: output };
}

/** Folder of a share in what `mount` prints (`//anna@nas/copies on /Volumes/copies (smbfs, ...)`); null: not mounted. */
export function findMacMount(printed: string, share: ShareAddress): string | null {
  const wanted = mountName(share);
  for (const line of printed.split('\n')) {
    const [, source = '', folder] = /^(\/\/.+?) on (.+) \(smbfs[,)]/u.exec(line) ?? [];
    if (folder === undefined) continue;
    const [, user = null, rest = ''] = /^\/\/(?:([^@/]*)@)?(.*)$/u.exec(source) ?? [];
    const isSameUser =
      share.user === null ||
      same(
        plain(user ?? '')
          .split(';')
          .at(-1),
        share.user,
      );
    if (isSameUser && same(plain(rest), wanted)) return folder;
  }
  return null;
}

function mountName({ server, port, share }: ShareAddress): string {
  return `${port === null ? server : `${server}:${port}`}/${share}`;
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const same = (a: string | undefined, b: string): boolean =>
  a?.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/gu, (sign) => `\\${sign}`)}"`;
}
