// The one error type of all layers. Thrown where something is known, wrapped with what each layer adds,
// ended only by the job runner, the command line and the service.
import type { Failure } from './failure.ts';

/** An error whose `failure` says in data what happened. */
export class BackupError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(describe(failure), cause === undefined ? undefined : { cause });
    this.name = 'BackupError';
    this.failure = failure;
  }
}

function describe(failure: Failure): string {
  const { code, ...facts } = failure;
  const list = Object.entries(facts).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return [code, ...list].join(' ');
}

/** The failure in any thrown value; what is not a BackupError is `unexpected`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BackupError) return error.failure;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', detail };
}

/** True when `error` is a BackupError with one of these codes. */
export function hasCode(
  error: unknown,
  ...codes: readonly Failure['code'][]
): error is BackupError {
  return error instanceof BackupError && codes.includes(error.failure.code);
}
