// A network share as a person types it: address, user and password apart. Pure.
import type { Failure, FailureCode } from '../../shared/model/failure.ts';
import {
  formatShareAddress,
  parseShareAddress,
  parseShareUser,
  shareOfUnc,
} from '../../shared/model/share-address.ts';

export interface ShareForm {
  /** As it was typed: `smb://nas/copies`, `\\nas\copies` or `nas/copies`. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
}

export const emptyShareForm: ShareForm = { address: '', user: '', password: '' };

export type ShareField = keyof ShareForm;

/** The place that it means; else the field that is not sound. */
export function placeOfShareForm({
  address,
  user,
}: ShareForm): { readonly place: string } | { readonly wrong: ShareField } {
  const typedUser = user.trim();
  const who = typedUser === '' ? null : parseShareUser(typedUser);
  if (typedUser !== '' && who === null) return { wrong: 'user' };
  const typed = address.trim();
  // The user of a UNC path stands in a field of its own; any will do to read the path.
  const share = typed.startsWith('\\\\')
    ? shareOfUnc(typed, typedUser || 'user')
    : parseShareAddress(/^smb:/iu.test(typed) ? typed : `smb://${typed}`);
  if (share === null) return { wrong: 'address' };
  const login = who ?? (typed.startsWith('\\\\') ? { user: null, domain: null } : share);
  return { place: formatShareAddress({ ...share, user: login.user, domain: login.domain }) };
}

/** True for a place that was meant by the form, and not typed or chosen as a folder. */
export function isMeantBy(form: ShareForm, place: string): boolean {
  const meant = placeOfShareForm(form);
  return 'place' in meant && meant.place === place;
}

const fields: { readonly [C in FailureCode]?: ShareField } = {
  'share-refused': 'password',
  'share-password-needed': 'password',
  'share-missing': 'address',
  'place-missing': 'address',
  'place-unreachable': 'address',
};

/** The field that a failure is about; null: none of them alone. */
export function fieldOfFailure({ code }: Failure): ShareField | null {
  return fields[code] ?? null;
}
