// A value that is typed: what it is once the typing paused, so that not every key asks the agent.
import { useEffect, useState } from 'react';

const PAUSE_MS = 300;

export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
