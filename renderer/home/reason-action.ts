// Which one action fits what a light says. Pure: the screen does it, this decides.
import { isAddress } from '../../shared/model/place.ts';
import type { PlanOverview } from '../../shared/model/overview.ts';
import type { StatusReason } from '../../shared/model/status-reason.ts';

export type ReasonAction =
  | { readonly kind: 'set-up' }
  | { readonly kind: 'back-up' }
  | { readonly kind: 'restore-test' }
  /** The CRM itself was damaged: the way back comes first. */
  | { readonly kind: 'bring-back' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'unlock' }
  | { readonly kind: 'confirm-kit' }
  /** The server of a network share refused what is kept, or nothing is kept. */
  | { readonly kind: 'share-password' }
  /** Somebody must plug something in; then it is looked for again. */
  | { readonly kind: 'look-for-place' }
  | { readonly kind: 'add-place' }
  | { readonly kind: 'free-space'; readonly place: string };

type Seen = Pick<PlanOverview, 'status' | 'places'> & Partial<Pick<PlanOverview, 'lastRun'>>;

/** The action for the worst reason; what would stop it comes first. Null: nothing needs to be done. */
export function actionFor({ status, places, lastRun = null }: Seen): ReasonAction | null {
  const failed = lastRun?.failure?.code ?? '';
  if (['share-refused', 'share-password-needed'].includes(failed))
    return { kind: 'share-password' };
  const [worst] = status.reasons;
  if (worst === undefined) return null;
  const isHere = (path: string): boolean =>
    places.some((place) => place.path === path && canBeUsed(place));
  const action = actionForReason(worst, isHere);
  if (!needsCopies(action)) return action;
  if (places.length > 0 && !places.some(canBeUsed)) return { kind: 'look-for-place' };
  const isLocked = status.reasons.some(({ code }) => code === 'key-store-locked');
  return isLocked ? { kind: 'unlock' } : action;
}

/** What one reason asks for by itself. */
export function actionForReason(
  reason: StatusReason,
  isHere: (place: string) => boolean,
): ReasonAction {
  switch (reason.code) {
    case 'plan-empty':
      return { kind: 'set-up' };
    case 'nothing-proved':
      return { kind: reason.lacks === 'restore-test' ? 'restore-test' : 'back-up' };
    case 'proved-too-old':
      return { kind: 'back-up' };
    case 'newest-damaged':
      return { kind: reason.what === 'copy' ? 'back-up' : 'bring-back' };
    case 'slot-missed':
      return { kind: reason.isPaused ? 'resume' : 'back-up' };
    case 'restore-test-failed':
    case 'restore-test-old':
      return { kind: 'restore-test' };
    case 'bytes-compared-only':
      return { kind: 'bring-back' };
    case 'only-own-disk':
      return { kind: 'add-place' };
    case 'kit-not-confirmed':
      return { kind: 'confirm-kit' };
    case 'key-store-locked':
      return { kind: 'unlock' };
    case 'place-unseen':
      return { kind: isHere(reason.place) ? 'back-up' : 'look-for-place' };
    case 'set-unseen':
      return { kind: 'look-for-place' };
    case 'place-nearly-full':
      // What lies on a share that is not connected cannot be shown.
      return isAddress(reason.place)
        ? { kind: 'add-place' }
        : { kind: 'free-space', place: reason.place };
  }
}

/** A network share is connected when it is needed; until then it is not here, and nobody has to do anything. */
function canBeUsed({ isHere, path }: Seen['places'][number]): boolean {
  return isHere || isAddress(path);
}

function needsCopies({ kind }: ReasonAction): boolean {
  return kind === 'back-up' || kind === 'restore-test' || kind === 'bring-back';
}
