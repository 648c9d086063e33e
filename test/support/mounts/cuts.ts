/** Twenty moments to cut the power at, by the seed of the run: in which work, and how long after it began. */
import { createSeededRandom } from '../seeded-random.ts';
import { realClock } from '../test-clock.ts';
import type { KeptLedger } from './kept-ledger.ts';
import type { OfficeStep } from './office-protocol.ts';
import type { RemoteOffice } from './remote-office.ts';

export interface Cut {
  readonly action: 'backUp' | 'restoreInPlace' | 'tidy';
  /** Part of the time that this work took when nobody cut it; null: as soon as it is said to be done. */
  readonly share: number | null;
  readonly seed: number;
}

const CUTS = Number(process.env['HOLDFAST_CUTS'] ?? 20);

const actions: readonly Cut['action'][] = ['backUp', 'restoreInPlace', 'backUp', 'tidy'];

export function planCuts(): readonly Cut[] {
  const random = createSeededRandom(Number(process.env['HOLDFAST_SEED'] ?? 1));
  return Array.from({ length: CUTS }, (_, index) => ({
    action: actions[index % actions.length] ?? 'backUp',
    // Not to the very end: the next one may be quicker.
    share: index % 5 === 4 ? null : random.below(900) / 1000,
    seed: random.below(1_000_000),
  }));
}

/** What each work last took when nobody cut it; a rehearsal tells first. */
const lastMs = new Map<Cut['action'], number>();

/** Does each work once. */
export async function rehearse(office: RemoteOffice, ledger: KeptLedger): Promise<void> {
  for (const action of ['backUp', 'restoreInPlace', 'tidy'] as const) {
    const { ms } = await office.run(stepOf({ action, share: 0, seed: 0 }, ledger));
    lastMs.set(action, ms);
    ledger.hear(office.heard());
  }
}

/**
 * Begins the work, cuts at its moment, and waits for what the office says of it, if it lives on. Null: the work was done
 * before the cut.
 */
export async function runCut(
  office: RemoteOffice,
  ledger: KeptLedger,
  cut: Cut,
  runCutting: () => Promise<void>,
): Promise<'done' | 'failed' | 'cut' | null> {
  const step = stepOf(cut, ledger);
  const { begun, ended } = await office.start(step);
  // Content that a restore brings is expected from the moment it is begun.
  if (step.do === 'restoreInPlace') ledger.expectCrm(ledger.contentOf(step.point));
  await begun;
  const end = await firstOf(ended, momentMs(cut));
  await runCutting();
  if (end?.event === 'failed') throw new Error(`${cut.action} failed: ${end.stack}`);
  if (end !== null) {
    lastMs.set(cut.action, end.ms);
    return null;
  }
  return ended.then(
    ({ event }) => event,
    () => 'cut',
  );
}

function momentMs({ action, share }: Cut): number | null {
  return share === null ? null : share * (lastMs.get(action) ?? 0);
}

/** Null: the time was over first. */
async function firstOf<T>(work: Promise<T>, ms: number | null): Promise<T | null> {
  if (ms === null) return work;
  const waiting = new AbortController();
  const wait = realClock.sleep(ms, waiting.signal).then(() => null);
  // Not waited for any more once the work is done.
  wait.catch(() => undefined);
  try {
    return await Promise.race([work, wait]);
  } finally {
    waiting.abort();
  }
}

function stepOf({ action, seed }: Cut, ledger: KeptLedger): OfficeStep {
  if (action === 'tidy') return { do: 'tidy', keepLast: 3 };
  if (action === 'backUp') return { do: 'backUp', kind: seed % 2 === 0 ? 'full' : 'auto' };
  const points = ledger.points();
  return { do: 'restoreInPlace', point: points[seed % points.length] ?? '' };
}
