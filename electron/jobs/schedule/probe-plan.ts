// Whether a scheduled run of a plan can begin: its vault is at its place, and opens. Asked before each run, so that a
// place that is away leaves no failed run for every look at it.
import { failureOf, hasCode } from '../../../shared/model/backup-error.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { Engine } from '../engine.ts';
import { isAwayCode } from '../is-away-code.ts';
import { locateVault } from '../locate-vault.ts';
import { recordSeen } from '../sight-vault.ts';

export type ProbeAnswer = 'here' | 'away' | 'key';

export type ProbePlan = (plan: Plan, signal: AbortSignal) => Promise<ProbeAnswer>;

/** A dead network share may answer never; waiting longer than this for its vault is being away. */
const LONGEST_LOOK_MS = 60_000;
/** After sign-in the key store is waited for until somebody has to be asked; see secrets/patient-secret-store.ts. */
const LONGEST_OPENING_MS = 6 * 60_000;

interface Look {
  isFound: boolean;
  readonly answer: Promise<ProbeAnswer>;
}

/** A look that hangs is not repeated beside itself: each would take one of the few threads that read files. */
export function createProbe(engine: Engine): ProbePlan {
  const looks = new Map<string, Look>();
  const begin = (plan: Plan, signal: AbortSignal): Look => {
    const answer = lookAt(engine, plan, signal, () => (look.isFound = true)).finally(() =>
      looks.delete(keyOf(plan)),
    );
    const look: Look = { isFound: false, answer };
    looks.set(keyOf(plan), look);
    return look;
  };
  return async (plan, signal) => {
    const look = looks.get(keyOf(plan)) ?? begin(plan, signal);
    const over = new AbortController();
    try {
      return await Promise.race([
        look.answer,
        giveUp(engine.clock, look, AbortSignal.any([signal, over.signal])),
      ]);
    } finally {
      over.abort();
    }
  };
}

/** A plan with several places is asked about one at a time; see `planAt`. */
const keyOf = ({ id, places: [place] }: Plan): string => `${id}/${place?.path ?? ''}`;

/** Ends at once when the scheduler stops: whatever it says then, nobody goes by it. */
async function giveUp(clock: Clock, look: Look, signal: AbortSignal): Promise<ProbeAnswer> {
  await clock.sleep(LONGEST_LOOK_MS, signal).catch(() => undefined);
  if (!look.isFound) return 'away';
  await clock.sleep(LONGEST_OPENING_MS, signal).catch(() => undefined);
  return 'key';
}

async function lookAt(
  engine: Engine,
  plan: Plan,
  signal: AbortSignal,
  onFound: () => void,
): Promise<ProbeAnswer> {
  const [place] = plan.places;
  // A plan that names no place fails when it runs, in words.
  if (place === undefined) return 'here';
  try {
    const located = await locateVault(place.path, engine, place.vaultId, signal);
    await recordSeen(engine, located);
    onFound();
    await engine.vaults.open(located, signal);
    return 'here';
  } catch (error) {
    if (hasCode(error, 'key-needed', 'key-wrong')) return 'key';
    if (isAwayCode(failureOf(error).code)) return 'away';
    // Anything else is the run's to find and to record.
    return 'here';
  }
}
