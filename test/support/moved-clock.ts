// Loaded before a process's own code (`--import .../moved-clock.ts?file=...`): its wall clock is ahead of this computer's
// by what the file says, which a test may change at any time. Long intervals fire often, so that whoever looks at the
// clock by them notices. In the agent the monotonic clock and long sleeps go along, as leaping-clock.ts tells; everywhere
// else deadlines and the monotonic clock stay as they are.
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { openLeapingClock } from './leaping-clock.ts';

const file = new URL(import.meta.url).searchParams.get('file') ?? '';
const LOOK_MS = 20;
const LONG_MS = 5_000;
const TICK_MS = 250;

const RealDate = Date;
const { setInterval: realInterval } = globalThis;

function openWallClock(): () => number {
  let aheadMs = 0;
  let lookedAtMs = -Infinity;
  return () => {
    if (performance.now() - lookedAtMs > LOOK_MS) {
      lookedAtMs = performance.now();
      // A file that is just being written is empty: the last answer stays.
      const text = readFileSync(file, 'utf8');
      if (text !== '') ({ aheadMs } = JSON.parse(text) as { aheadMs: number });
    }
    return RealDate.now() + aheadMs;
  };
}

/** Of the agent: what its schedule goes by. */
function leapAltogether(): () => number {
  const realNow = performance.now.bind(performance);
  const { setTimeout: realSleep } = timers;
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> =>
    realSleep(ms, undefined, signal === undefined ? {} : { signal });
  const clock = openLeapingClock({ nowMs: RealDate.now, monotonicMs: realNow, sleep }, file);
  performance.now = clock.monotonicMs;
  const sleepAs: typeof timers.setTimeout = async (ms = 0, value, options = {}) => {
    await (ms >= LONG_MS ? clock.sleep : sleep)(ms, options.signal);
    return value as Exclude<typeof value, undefined>;
  };
  timers.setTimeout = sleepAs;
  syncBuiltinESMExports();
  return clock.nowMs;
}

const isAgent = isMainThread && Reflect.get(process, 'type') === 'utility';
const nowMs = isAgent ? leapAltogether() : openWallClock();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: [], self) =>
    Reflect.construct(target, args.length === 0 ? [nowMs()] : args, self) as Date,
  apply: () => new RealDate(nowMs()).toString(),
  get: (target, key) => (key === 'now' ? nowMs : (Reflect.get(target, key) as unknown)),
});

const often = (action: () => void, ms: number, ...rest: never[]): NodeJS.Timeout =>
  realInterval(action, ms >= LONG_MS ? TICK_MS : ms, ...(rest as []));
globalThis.setInterval = often as typeof setInterval;
