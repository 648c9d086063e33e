// A clock for ages on a screen: the agent's time, going on by itself.
import { useEffect, useState } from 'react';

const TICK_MS = 30_000;

/**
 * The agent's time now. `toldMs` is what it said, `heardAtMs` when this computer's clock heard it: the two clocks may differ.
 * Renders anew every 30 s.
 */
export function useNow(toldMs: number, heardAtMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  // An answer may be newer than the last tick.
  return toldMs + Math.max(0, nowMs - heardAtMs);
}
