/**
 * The agent as its entry puts it together, on a clock that a file moves: `{"aheadMs": n}` in HOLDFAST_TEST_CLOCK is how
 * far it is ahead of the computer's. It leaps, then runs through the last minutes quickly, so that whoever waits for the
 * network after a sleep has waited by then. Forked in place of the built agent, by Node or as a utility process.
 */
import { readFileSync } from 'node:fs';
import { TICK_MS } from '../../electron/jobs/schedule/clock-watch.ts';
import { readGivenSecret, takeSecretVariables } from '../../electron/jobs/given-secret.ts';
import { systemClock, systemRandom } from '../../electron/platform/system-clock.ts';
import { dataFolder } from '../../electron/plans/data-folder.ts';
import { writeDurably } from '../../electron/plans/durable-file.ts';
import { openSafeStorageStore } from '../../electron/secrets/safe-storage-store.ts';
import { openSecretStore } from '../../electron/secrets/secret-store.ts';
import { findParentChannel } from '../../electron/service/parent-channel.ts';
import { createParentSealer } from '../../electron/service/parent-sealer.ts';
import { startAgent } from '../../electron/service/start-agent.ts';
import type { Clock } from '../../shared/model/clock.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';

const LOOK_MS = 20;
/** Settling, a tick before and after it, and one to spare. */
const RUN_UP_MS = 4 * 60_000;

interface Sleeper {
  readonly ms: number;
  readonly atMs: number;
  readonly wake: () => void;
}

/** Wall and monotonic time leap together; set back, the wall clock alone goes back. */
function openMovedClock(file: string): Clock {
  let [wallAheadMs, monotonicAheadMs] = [readAhead(file, 0), 0];
  const sleepers = new Set<Sleeper>();
  const monotonicMs = (): number => systemClock.monotonicMs() + monotonicAheadMs;
  /** No faster than the scheduler looks: a look that is late counts as another sleep. */
  const untilTickMs = (): number => {
    const tick = [...sleepers].find(({ ms }) => ms === TICK_MS);
    return tick === undefined ? 0 : Math.max(0, Math.ceil(tick.atMs - monotonicMs()));
  };
  const look = (): void => {
    const missingMs = readAhead(file, wallAheadMs) - wallAheadMs;
    const stepMs =
      missingMs > RUN_UP_MS ? missingMs - RUN_UP_MS : Math.min(missingMs, untilTickMs());
    wallAheadMs += stepMs;
    monotonicAheadMs += Math.max(0, stepMs);
    for (const { atMs, wake } of sleepers) if (atMs <= monotonicMs()) wake();
  };
  setInterval(look, LOOK_MS).unref();
  return {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + wallAheadMs,
    monotonicMs,
    async sleep(ms, signal) {
      const early = new AbortController();
      const sleeper = { ms, atMs: monotonicMs() + ms, wake: () => early.abort() };
      sleepers.add(sleeper);
      const signals = signal === undefined ? [early.signal] : [early.signal, signal];
      await systemClock.sleep(ms, AbortSignal.any(signals)).catch(() => signal?.throwIfAborted());
      sleepers.delete(sleeper);
    },
  };
}

/** A file that is not there yet or just being written moves nothing. */
function readAhead(file: string, otherwise: number): number {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { aheadMs: number }).aheadMs;
  } catch {
    return otherwise;
  }
}

const variables = takeSecretVariables(process.env);
const clock = openMovedClock(process.env['HOLDFAST_TEST_CLOCK'] ?? '');
const channel = findParentChannel();
const sealer = createParentSealer(channel.send, clock);

await startAgent({
  dataFolder: dataFolder(),
  clock,
  random: systemRandom,
  workers: {
    source: sourceWorkerUrl,
    compute: new URL('../../electron/engine/pipeline/compute-worker.ts', import.meta.url),
  },
  app: 'holdfast on a moved clock',
  secrets: {
    given: async () => readGivenSecret(null, variables),
    // The system's own keychain is not a test's to write to.
    store: async () => {
      const sealing = { dataFolder: dataFolder(), sealer, writeDurably };
      return openSecretStore([async () => openSafeStorageStore(sealing)]);
    },
    ask: null,
  },
  channel,
  hearAnswer: sealer.hear,
});
