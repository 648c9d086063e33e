// Decides what prune may do: condemn now, remove what was condemned long enough ago, or wait. Pure.
// Two phases with a grace period by two clocks: a reader without a lease may still be restoring.
import { compareSequence, type Sequence } from '../../../shared/model/restore-point.ts';
import type { NoteContent } from '../vault/notes.ts';
import type { References } from './references.ts';

/** Longer than the longest restore of a reader that holds no lease. */
export const PRUNE_GRACE_MS = 72 * 3600 * 1000;
/** Directory listings of network shares may be this old. */
export const SETTLE_MS = 15_000;
/** How far the two clocks may have drifted apart since the condemnation; more is a jump, and the grace starts again. */
const CLOCK_DRIFT_MS = 5 * 60_000;

export type Condemnation = NoteContent<'condemn'>;

export interface PruneFacts {
  readonly nowMs: number;
  readonly storageNowMs: number;
  /** Condemnations so far, with their notes' names. */
  readonly condemned: readonly { readonly name: string; readonly content: Condemnation }[];
  /** Sequence of the newest live point; null when there is none. */
  readonly newest: Sequence | null;
  /** Sequence of the point that was newest at each condemnation, by note name; null when there was none. */
  readonly newestThen: ReadonlyMap<string, Sequence | null>;
  /** Data objects that lie there. */
  readonly present: {
    readonly packs: ReadonlySet<string>;
    readonly tables: ReadonlySet<string>;
    readonly lists: ReadonlySet<string>;
  };
  readonly references: References;
}

export interface PrunePlan {
  /** Unreferenced objects that no condemnation names yet. */
  readonly condemn: {
    readonly packs: readonly string[];
    readonly tables: readonly string[];
    readonly lists: readonly string[];
  };
  /** Condemnations whose time has come; references are checked once more before anything goes. */
  readonly due: readonly { readonly name: string; readonly content: Condemnation }[];
  /** Condemnations to be made anew, for a clock has jumped. */
  readonly restart: readonly string[];
  /** Why the others wait. */
  readonly waiting: readonly {
    readonly name: string;
    readonly reason: 'grace' | 'no-backup-since';
  }[];
}

export function planPrune(facts: PruneFacts): PrunePlan {
  const due: PrunePlan['due'][number][] = [];
  const restart: string[] = [];
  const waiting: PrunePlan['waiting'][number][] = [];
  for (const condemnation of facts.condemned) {
    const verdict = judge(facts, condemnation);
    if (verdict === 'due') due.push(condemnation);
    else if (verdict === 'clock-jump') restart.push(condemnation.name);
    else waiting.push({ name: condemnation.name, reason: verdict });
  }
  const standing = facts.condemned
    .filter(({ name }) => !restart.includes(name))
    .map(({ content }) => content);
  const unreferenced = (kind: 'packs' | 'tables' | 'lists') => {
    const known = new Set(standing.flatMap((content) => content[kind]));
    return [...facts.present[kind]]
      .filter((id) => !facts.references[kind].has(id) && !known.has(id))
      .sort();
  };
  const condemn = {
    packs: unreferenced('packs'),
    tables: unreferenced('tables'),
    lists: unreferenced('lists'),
  };
  return { condemn, due, restart, waiting };
}

function judge(
  facts: PruneFacts,
  { name, content }: PruneFacts['condemned'][number],
): 'due' | 'clock-jump' | 'grace' | 'no-backup-since' {
  const ours = facts.nowMs - content.atMs;
  const storages = facts.storageNowMs - content.storageAtMs;
  if (ours < 0 || storages < 0 || Math.abs(ours - storages) > CLOCK_DRIFT_MS) return 'clock-jump';
  if (ours < PRUNE_GRACE_MS || storages < PRUNE_GRACE_MS) return 'grace';
  const then = facts.newestThen.get(name) ?? null;
  const hasNewer =
    facts.newest !== null && (then === null || compareSequence(facts.newest, then) > 0);
  return hasNewer ? 'due' : 'no-backup-since';
}
