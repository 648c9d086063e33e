// Which other processes have a file open. Only Linux tells without help; elsewhere the answer is "unknown".
// Programs of other users show their files to nobody, but Linux lists the locks of all of them.
// Promise: an empty list is knowledge, null is ignorance; names are the system's, never guessed.
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
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
  if (holders.length === 0 && isBlind) holders.push(...findLockers(path));
  return holders.length === 0 && isBlind ? null : holders;
}

/** A lock of a process: `2: FLOCK ADVISORY WRITE 7738 fe:00:3235929 0 EOF`; one that waits has an arrow before its kind. */
const LOCK_LINE = /^\d+: \w+ +\w+ +\w+ +(\d+) ([\da-f]+):([\da-f]+):(\d+) /u;

/** Those that have locked it, e.g. the server of a Firebird database. */
function findLockers(path: string): readonly string[] {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  const pids = new Set<string>();
  for (const line of readLocks()) {
    const [, pid = '', major = '', minor = '', inode] = LOCK_LINE.exec(line) ?? [];
    if (stat === undefined || inode !== String(stat.ino) || Number(pid) === process.pid) continue;
    if (deviceOf(BigInt(`0x${major}`), BigInt(`0x${minor}`)) === stat.dev) pids.add(pid);
  }
  return [...pids].map((pid) => `${nameOf(pid)} (${pid})`);
}

function readLocks(): readonly string[] {
  try {
    return readFileSync('/proc/locks', 'latin1').split('\n');
  } catch {
    return [];
  }
}

/** As glibc's makedev puts them together. */
function deviceOf(major: bigint, minor: bigint): bigint {
  const low = (minor & 0xffn) | ((major & 0xfffn) << 8n);
  return low | ((minor & ~0xffn) << 12n) | ((major & ~0xfffn) << 32n);
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
