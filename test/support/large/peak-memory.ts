/** The most memory that a process had at once, as Linux counts it: all threads, and what native code took. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Counts anew from here: the peak of one step is not that of the step before, nor scrypt's. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Bytes. */
export function readPeak(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (line === null) throw new Error('this system does not tell the peak of a process');
  return Number(line[1]) * 1024;
}
