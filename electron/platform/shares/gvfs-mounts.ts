// Shares that GNOME's file system layer has mounted, by the names of their folders (`smb-share:server=nas,share=copies`). Pure.
import type { ShareAddress } from '../../../shared/model/share-address.ts';

const PREFIX = 'smb-share:';
const USUAL_PORT = '445';

/** The folder's name among `names` that is this share, as this user; null: none. */
export function findGvfsMount(names: readonly string[], share: ShareAddress): string | null {
  return names.find((name) => isMountOf(parseMount(name), share)) ?? null;
}

type Mount = ReadonlyMap<string, string>;

function isMountOf(
  mount: Mount | null,
  { user, domain, server, port, share }: ShareAddress,
): boolean {
  if (mount === null) return false;
  const is = (key: string, value: string): boolean => same(mount.get(key) ?? '', value);
  return (
    is('server', server.replace(/^\[|\]$/gu, '')) &&
    is('share', share) &&
    (mount.get('port') ?? USUAL_PORT) === String(port ?? USUAL_PORT) &&
    (user === null || is('user', user)) &&
    (user === null || domain === null || !mount.has('domain') || is('domain', domain))
  );
}

function parseMount(name: string): Mount | null {
  if (!name.startsWith(PREFIX)) return null;
  const fields = name.slice(PREFIX.length).split(',');
  try {
    return new Map(
      fields.map((field) => {
        const at = field.indexOf('=');
        return [field.slice(0, at), decodeURIComponent(field.slice(at + 1))];
      }),
    );
  } catch {
    return null;
  }
}

/** Names of servers, shares and users mean the same in any case. */
const same = (a: string, b: string): boolean =>
  a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
