/** What the trials need from the machine, and what of it is missing, in words. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isAvailable } from '../machine.ts';

/** Debian packages that `npm run test:mounts` installs. */
export const mountPackages = [
  'user-mode-linux',
  'kmod',
  'iproute2',
  'samba',
  'cifs-utils',
  'nfs-kernel-server',
  'dosfstools',
  'ntfs-3g',
  'exfat-fuse',
  'exfatprogs',
  'btrfs-progs',
  'xfsprogs',
  'e2fsprogs',
];

const places = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
const isThere = (program: string): boolean =>
  places.some((folder) => existsSync(join(folder, program)));

let loopWorks: boolean | null = null;

/** Tried: root in a container often may not. */
function canMountLoop(): boolean {
  loopWorks ??= isAvailable('mount') && spawnSync('losetup', ['-f']).status === 0;
  return loopWorks;
}

/** Empty: the trial can be made. */
export function missingFor(
  where: 'host' | 'guest',
  programs: readonly string[],
): readonly string[] {
  const missing = programs.filter((program) => !isThere(program)).map((name) => `no ${name}`);
  if (process.platform !== 'linux') return ['not Linux', ...missing];
  if (!isAvailable('root')) return ['not root', ...missing];
  if (where === 'host') return canMountLoop() ? missing : ['no loop mounts', ...missing];
  const guest = ['linux.uml', 'setpriv', 'modprobe'].filter((program) => !isThere(program));
  return [...guest.map((name) => `no ${name}`), ...missing];
}
