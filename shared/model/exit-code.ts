// The command line's exit codes (documented in README.md); also what a script outside may rely on.
import type { FailureCode } from './failure.ts';

export const EXIT_OK = 0;
export const EXIT_PROBLEMS = 3;
export const EXIT_CANCELLED = 130;

const exitCodes: Record<FailureCode, number> = {
  unexpected: 1,
  usage: 2,
  cancelled: EXIT_CANCELLED,
  'run-too-long': 1,
  'agent-gone': 1,
  'place-missing': 4,
  'place-not-connected': 4,
  'place-unreachable': 4,
  'place-read-only': 4,
  'place-full': 8,
  'place-in-use': 2,
  'place-in-source': 2,
  'share-refused': 4,
  'share-password-needed': 4,
  'share-missing': 4,
  'share-other-user': 4,
  'share-tool-missing': 4,
  'vault-missing': 4,
  'vault-other': 4,
  'vault-exists': 2,
  'vault-newer': 6,
  'vault-damaged': 6,
  'vault-wounded': 3,
  'vault-busy': 7,
  'vault-fenced': 7,
  'key-needed': 5,
  'key-wrong': 5,
  'recovery-key-mistyped': 5,
  'kit-forgotten': 2,
  'object-missing': 6,
  'object-exists': 7,
  'object-damaged': 6,
  'blocked-by-other-program': 7,
  'source-missing': 9,
  'source-unreadable': 9,
  'source-busy': 9,
  'source-damaged': 9,
  'source-log-untrue': 3,
  'source-unsupported': 9,
  'point-missing': 2,
  'point-damaged': 6,
  'file-missing-in-point': 2,
  'table-missing': 2,
  'rows-missing': 2,
  'schema-differs': 2,
  'target-in-use': 7,
  'target-changed': 2,
  'target-exists': 2,
  'target-renamed': 3,
  'target-refused': 2,
  'target-full': 8,
  'no-safety-point': 8,
  'restore-differs': 1,
  'undo-missing': 2,
  'drill-failed': 3,
  'plan-missing': 2,
  'plan-invalid': 2,
  'action-failed': 10,
  'actions-not-agreed': 10,
  'prune-refused': 3,
};

/** Exit code of the process for a failure. */
export function exitCodeOf(code: FailureCode): number {
  return exitCodes[code];
}

/** True for a code that this version knows. */
export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(exitCodes, code);
}
