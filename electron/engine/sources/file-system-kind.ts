// Whether a path lies on another computer. There SQLite's WAL mode must not be used: its index is shared memory.
// Linux tells by the mount's type, Windows by the path and by what its drive letter stands for; macOS does not tell.
import { readFileSync, realpathSync } from 'node:fs';
import { platform } from 'node:os';
import { parse } from 'node:path';
import { isShare } from '../../../shared/model/windows-path.ts';

const NETWORK_TYPES =
  /^(nfs|nfs4|cifs|smb3|smbfs|9p|afs|ceph|glusterfs|ncpfs|lustre|davfs|fuse\.(?!.*(bindfs|ntfs|exfat|mergerfs|gocryptfs|encfs|overlay)).*)$/;

/** True if the file's system is known to be a network one. */
export function isOnNetwork(path: string): boolean {
  if (platform() === 'win32') return isShare(path) || isShare(behindDriveLetter(path));
  if (platform() !== 'linux') return false;
  const type = mountTypeOf(path, readMounts());
  return type !== null && NETWORK_TYPES.test(type);
}

/** A share that was given a letter says what it is when Windows itself resolves it; the root alone is never too long. */
function behindDriveLetter(path: string): string {
  try {
    return realpathSync.native(parse(path).root);
  } catch {
    return path;
  }
}

/**
 * True where SQLite can take no lock for writing: over Linux's SMB client a lock shuts out the very program that has it,
 * and SQLite, which goes from reading to writing, waits for itself. The mount option `nobrl` keeps locks off the server.
 */
export function isWithoutWriteLocks(path: string): boolean {
  return platform() === 'linux' && shutsOutItself(path, readMounts());
}

/** The same by the text of /proc/self/mountinfo. */
export function shutsOutItself(path: string, mountInfo: string): boolean {
  const mount = mountOf(path, mountInfo);
  const isSmb = mount?.type === 'cifs' || mount?.type === 'smb3';
  return isSmb && !mount.options.includes('nobrl');
}

/** Type of the file system that holds a path, by the text of /proc/self/mountinfo. */
export function mountTypeOf(path: string, mountInfo: string): string | null {
  return mountOf(path, mountInfo)?.type ?? null;
}

interface Mount {
  readonly point: string;
  readonly type: string;
  /** The file system's own, e.g. those of a share. */
  readonly options: readonly string[];
}

function mountOf(path: string, mountInfo: string): Mount | null {
  let best: Mount | null = null;
  for (const line of mountInfo.split('\n')) {
    const [fields = '', after = ''] = line.split(' - ');
    const point = decodeOctal(fields.split(' ')[4] ?? '');
    const [type = '', , options = ''] = after.split(' ');
    const isAbove = point === '/' || path === point || path.startsWith(`${point}/`);
    // A later mount on the same point covers the earlier one.
    if (point !== '' && isAbove && (best === null || point.length >= best.point.length)) {
      best = { point, type, options: options.split(',') };
    }
  }
  return best;
}

function decodeOctal(text: string): string {
  const bytes = text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return bytes;
}

function readMounts(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
