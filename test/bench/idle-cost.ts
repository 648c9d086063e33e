/** What a process costs while it has nothing to do: processor time and memory as Linux counts them, all threads included. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export type IdleCost = {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** At the end. */
  readonly residentBytes: number;
};

/** The kernel counts in these, on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Watches it for `seconds`. */
export async function measureIdle(pid: number, seconds: number): Promise<IdleCost> {
  const before = readCpuTicks(pid);
  const startedMs = performance.now();
  await pause(seconds * 1000);
  return {
    seconds: (performance.now() - startedMs) / 1000,
    cpuSeconds: (readCpuTicks(pid) - before) / ticksPerSecond,
    residentBytes: readResidentBytes(pid),
  };
}

/** User and system time; the name in front of them may hold blanks and brackets. */
function readCpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return user + system;
}

function readResidentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) * 1024;
}
