// Which one action fits what a light says. Pure: the screen does it, this decides.
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
  /** Somebody must plug something in; then it is looked for again. */
  | { readonly kind: 'look-for-place' }
  | { readonly kind: 'add-place' }
  | { readonly kind: 'free-space'; readonly place: string };

type Seen = Pick<PlanOverview, 'status' | 'places'>;

/** The action for the worst reason; what would stop it comes first. Null: nothing needs to be done. */
export function actionFor({ status, places }: Seen): ReasonAction | null {
  const [worst] = status.reasons;
  if (worst === undefined) return null;
  const isHere = (path: string): boolean =>
    places.some((place) => place.path === path && place.isHere);
  const action = actionForReason(worst, isHere);
  if (!needsCopies(action)) return action;
  if (places.length > 0 && !places.some((place) => place.isHere)) return { kind: 'look-for-place' };
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
      return { kind: 'free-space', place: reason.place };
  }
}

function needsCopies({ kind }: ReasonAction): boolean {
  return kind === 'back-up' || kind === 'restore-test' || kind === 'bring-back';
}
