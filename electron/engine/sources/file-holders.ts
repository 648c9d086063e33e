// Which other processes have a file open. Only Linux tells without help; elsewhere the answer is "unknown".
// Promise: an empty list is knowledge, null is ignorance; names are the system's, never guessed.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { platform } from 'node:os';
import { basename, join } from 'node:path';
import { codeOf } from './source-failure.ts';

/** Names with process ids, or null where it cannot be told. */
export function findHolders(path: string): readonly string[] | null {
  if (platform() !== 'linux') return null;
  const holders: string[] = [];
  let isBlind = false;
  for (const pid of listProcesses()) {
    if (Number(pid) === process.pid) continue;
    const found = holdsFile(pid, path);
    if (found === true) holders.push(`${nameOf(pid)} (${pid})`);
    isBlind ||= found === null;
  }
  return holders.length === 0 && isBlind ? null : holders;
}

function listProcesses(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** Null when the process belongs to somebody else. */
function holdsFile(pid: string, path: string): boolean | null {
  const folder = join('/proc', pid, 'fd');
  try {
    return readdirSync(folder).some((fd) => targetOf(join(folder, fd)) === path);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? false : null;
  }
}

function targetOf(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    // Closed since it was listed.
    return null;
  }
}

/** As people know it: programs on Node call their first thread like this instead. */
const NO_NAME = 'MainThread';

function nameOf(pid: string): string {
  try {
    const name = readFileSync(join('/proc', pid, 'comm'), 'utf8').trim();
    return name === NO_NAME ? basename(readlinkSync(join('/proc', pid, 'exe'))) : name;
  } catch {
    return 'process';
  }
}
