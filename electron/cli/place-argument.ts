// Places as they are typed on the command line: paths, addresses of network shares, and on Windows UNC paths with a user.
import { resolve } from 'node:path';
import { BackupError } from '../../shared/model/backup-error.ts';
import { isAddress } from '../../shared/model/place.ts';
import {
  formatShareAddress,
  looksLikeShare,
  parseShareAddress,
  parseShareUser,
  shareOfUnc,
} from '../../shared/model/share-address.ts';
import type { CliSession } from './session.ts';

/** An absolute path or an address in its one spelling. Throws usage; what was typed is not repeated, it may hold a password. */
export function resolvePlace(
  { cwd, options }: Pick<CliSession, 'cwd' | 'options'>,
  text: string,
): string {
  const { shareUser } = options;
  if (looksLikeShare(text)) return resolveShare(text, shareUser);
  const unc = shareUser === null ? null : shareOfUnc(text, shareUser);
  if (unc !== null) return formatShareAddress(unc);
  return isAddress(text) ? text : resolve(cwd, text);
}

function resolveShare(text: string, shareUser: string | null): string {
  const share = parseShareAddress(text);
  const user = shareUser === null ? share : parseShareUser(shareUser);
  if (share !== null && user !== null) {
    return formatShareAddress({ ...share, user: user.user, domain: user.domain });
  }
  const detail =
    share === null
      ? 'an address of a network share looks like smb://user@server/share/folder, and holds no password'
      : '--share-user is a name, or DOMAIN\\name';
  throw new BackupError({ code: 'usage', detail });
}
