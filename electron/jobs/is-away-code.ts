// Failures that say: the right vault is not where it was. A disk not plugged in, a share not connected, another disk in its stead.
import type { FailureCode } from '../../shared/model/failure.ts';

const awayCodes: readonly FailureCode[] = [
  'place-missing',
  'place-not-connected',
  'place-unreachable',
  'vault-missing',
  'vault-other',
];

/** It may come back by itself: worth looking again, no failure of the plan. */
export function isAwayCode(code: FailureCode): boolean {
  return awayCodes.includes(code);
}
