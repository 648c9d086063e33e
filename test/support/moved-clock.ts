// Loaded before a process's own code (`--import .../moved-clock.ts?file=...`): its wall clock is ahead of this computer's
// by what the file says, which a test may change at any time. Long intervals fire often, so that whoever looks at the
// clock by them notices; deadlines and the monotonic clock stay as they are.
import { readFileSync } from 'node:fs';

const file = new URL(import.meta.url).searchParams.get('file') ?? '';
const LOOK_MS = 20;
const LONG_MS = 5_000;
const TICK_MS = 250;

const RealDate = Date;
let aheadMs = 0;
let lookedAtMs = -Infinity;

function nowMs(): number {
  if (performance.now() - lookedAtMs > LOOK_MS) {
    lookedAtMs = performance.now();
    // A file that is just being written is empty: the last answer stays.
    const text = readFileSync(file, 'utf8');
    if (text !== '') ({ aheadMs } = JSON.parse(text) as { aheadMs: number });
  }
  return RealDate.now() + aheadMs;
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: [], self) =>
    Reflect.construct(target, args.length === 0 ? [nowMs()] : args, self) as Date,
  apply: () => new RealDate(nowMs()).toString(),
  get: (target, key) => (key === 'now' ? nowMs : (Reflect.get(target, key) as unknown)),
});

const { setInterval: realInterval } = globalThis;
const often = (action: () => void, ms: number, ...rest: never[]): NodeJS.Timeout =>
  realInterval(action, ms >= LONG_MS ? TICK_MS : ms, ...(rest as []));
globalThis.setInterval = often as typeof setInterval;
