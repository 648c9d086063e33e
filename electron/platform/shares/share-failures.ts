// What a system's answer means, as failures that name the share. Promise: no detail holds the password.
import { BackupError } from '../../../shared/model/backup-error.ts';
import { formatShareRoot, type ShareAddress } from '../../../shared/model/share-address.ts';
import type { ShareToolEnd } from './run-share-tool.ts';

/** What is wrong, by the words of any system. */
export type ShareTrouble =
  | { readonly kind: 'refused' }
  | { readonly kind: 'password-needed' }
  | { readonly kind: 'no-such-share' }
  | { readonly kind: 'other-user' }
  | { readonly kind: 'tool-missing'; readonly needs: string }
  | { readonly kind: 'unreachable'; readonly detail: string };

const MOST_DETAIL = 300;

/** The failure of a share; `password` is wiped out of it wherever a system repeats it. */
export function shareFailure(
  share: ShareAddress,
  trouble: ShareTrouble,
  password: string | null = null,
): BackupError {
  const place = formatShareRoot(share);
  switch (trouble.kind) {
    case 'refused':
      return new BackupError({ code: 'share-refused', place, user: share.user });
    case 'password-needed':
      return share.user === null
        ? new BackupError({ code: 'share-refused', place, user: null })
        : new BackupError({ code: 'share-password-needed', place, user: share.user });
    case 'no-such-share':
      return new BackupError({ code: 'share-missing', place });
    case 'other-user':
      return new BackupError({ code: 'share-other-user', place });
    case 'tool-missing':
      return new BackupError({ code: 'share-tool-missing', place, needs: trouble.needs });
    case 'unreachable': {
      const detail = withoutSecret(trouble.detail, password).slice(0, MOST_DETAIL);
      return new BackupError({ code: 'place-unreachable', place, detail });
    }
  }
}

/** Throws share-password-needed for a share with a user whose password nobody knows: no system may ask for it. */
export function assertPasswordKnown(share: ShareAddress, password: string | null): void {
  if (share.user !== null && password === null) {
    throw shareFailure(share, { kind: 'password-needed' });
  }
}

/** What any program's bad end means, whatever it said; null: it ended by itself. */
export function troubleOfEnd(
  end: ShareToolEnd,
  { needs, withinMs }: { readonly needs: string; readonly withinMs: number },
): ShareTrouble | null {
  if (end.kind === 'missing') return { kind: 'tool-missing', needs };
  if (end.kind !== 'too-late') return null;
  return { kind: 'unreachable', detail: `no answer within ${withinMs / 1000} s` };
}

function withoutSecret(text: string, password: string | null): string {
  const wiped =
    password === null || password === '' ? text : text.replaceAll(password, () => '***');
  return wiped.replace(/\s+/gu, ' ').trim();
}
