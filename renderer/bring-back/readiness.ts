// Whether what was previewed can begin: at once, once a file is free, only without undo, or not at all. Pure.
import type { BringBackPreview } from '../../shared/model/bring-back.ts';
import type { Failure } from '../../shared/model/failure.ts';

export type Readiness =
  | { readonly kind: 'ready' }
  /** It begins by itself when the file is free. */
  | { readonly kind: 'in-use'; readonly holders: readonly Holder[] }
  /** The present state cannot be kept; a person may go on all the same. */
  | { readonly kind: 'no-undo'; readonly failure: Failure }
  | { readonly kind: 'blocked'; readonly failures: readonly Failure[] };

export interface Holder {
  readonly path: string;
  /** Programs or computers; empty: not known. */
  readonly names: readonly string[];
}

/** The worst of all targets counts: nothing is written while one of them cannot be. */
export function readinessOf({ targets }: BringBackPreview): Readiness {
  const failures = targets.flatMap(({ obstacle }) => (obstacle === null ? [] : [obstacle]));
  const blocking = failures.filter(
    ({ code }) => code !== 'target-in-use' && code !== 'no-safety-point',
  );
  if (blocking.length > 0 || targets.some(({ rows }) => (rows?.clashes.length ?? 0) > 0)) {
    return { kind: 'blocked', failures: blocking };
  }
  const noUndo = failures.find(({ code }) => code === 'no-safety-point');
  if (noUndo !== undefined) return { kind: 'no-undo', failure: noUndo };
  const holders = targets.flatMap(({ obstacle, heldBy }) =>
    obstacle?.code === 'target-in-use'
      ? [{ path: obstacle.path, names: named(obstacle, heldBy) }]
      : [],
  );
  return holders.length > 0 ? { kind: 'in-use', holders } : { kind: 'ready' };
}

function named(
  { by, lock }: Extract<Failure, { code: 'target-in-use' }>,
  heldBy: readonly string[] | null,
): readonly string[] {
  if (heldBy !== null && heldBy.length > 0) return heldBy;
  if (by !== null) return [by];
  return (lock?.users ?? []).map(({ computer, user }) =>
    user === '' ? computer : `${user} (${computer})`,
  );
}
