// Ends a command whose Holdfast died while it ran. Only Linux tells whether a process is still the one that was started.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const KILL_AFTER_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** The group of `pid`, if that process has `variable` (NAME=value) in its environment; returns when it is gone. */
export async function endLeftCommand(pid: number, variable: string): Promise<void> {
  const isLeft = async (): Promise<boolean> => {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    return environment.split('\0').includes(variable);
  };
  for (let waitedMs = 0; await isLeft(); waitedMs += LOOK_EVERY_MS) {
    // Asked once: a second time would interrupt what it does to end in order.
    if (waitedMs === 0) signalGroup(pid, 'SIGTERM');
    if (waitedMs >= KILL_AFTER_MS) signalGroup(pid, 'SIGKILL');
    await sleep(LOOK_EVERY_MS);
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // It has just ended.
  }
}
