/**
 * What tests need from the machine besides npm packages, and whether it is there. A test that needs one of these says
 * so with `test.skipIf(!isAvailable('strace'))` and is listed in expected-skips.ts with that need.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export type Need =
  | 'bindfs'
  | 'chromium'
  | 'dbf'
  | 'firebird'
  | 'gnome-keyring'
  | 'keytar'
  | 'mount'
  | 'ntfs'
  | 'root'
  | 'script'
  | 'strace';

/** Debian packages that `npm test` installs; libsecret is what keytar is compiled against. */
export const debianPackages = [
  'gnome-keyring',
  'dbus',
  'libsecret-1-dev',
  'strace',
  'chromium',
  'fonts-noto-cjk',
  'bindfs',
  'ntfs-3g',
  'firebird3.0-utils',
  'firebird3.0-server-core',
  'python3-dbf',
];

const isOnPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/** In a process of its own: Node remembers that a package was missing, even after it has been installed. */
const canLoad = (name: string): boolean =>
  spawnSync(process.execPath, ['-e', `require('${name}')`], { cwd: import.meta.dirname }).status ===
  0;

/** Debian's own: another one has none of its modules. */
const DEBIAN_PYTHON = '/usr/bin/python3';

/** A package of its own: without it isql only speaks to servers. */
function hasFirebirdEngine(): boolean {
  const where = spawnSync('find', ['/usr/lib', '-name', 'libEngine12.so'], { encoding: 'utf8' });
  return (where.stdout ?? '').trim() !== '';
}

let mountsFuse: boolean | null = null;

/** Tried: root in a container often has the device and may not mount. */
function canMountFuse(): boolean {
  mountsFuse ??= tryFuse();
  return mountsFuse;
}

function tryFuse(): boolean {
  const [behind, folder] = ['a', 'b'].map((name) =>
    mkdtempSync(join(tmpdir(), `holdfast-${name}-`)),
  );
  if (behind === undefined || folder === undefined) return false;
  try {
    if (spawnSync('bindfs', [behind, folder]).status !== 0) return false;
    return spawnSync('umount', ['--lazy', folder]).status === 0;
  } finally {
    rmdirSync(folder);
    rmdirSync(behind);
  }
}

export const isAvailable = (need: Need): boolean => {
  switch (need) {
    case 'bindfs':
      return isOnPath('bindfs') && canMountFuse();
    case 'chromium':
      return isOnPath('chromium');
    case 'dbf':
      return spawnSync(DEBIAN_PYTHON, ['-c', 'import dbf']).status === 0;
    case 'firebird':
      return isOnPath('isql-fb') && isOnPath('gfix') && hasFirebirdEngine();
    case 'gnome-keyring':
      return isOnPath('gnome-keyring-daemon') && isOnPath('dbus-run-session');
    case 'keytar':
      return canLoad('keytar');
    case 'mount':
      // Root in a container often may not.
      return (
        spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0
      );
    case 'ntfs':
      return isOnPath('lowntfs-3g') && isOnPath('mkntfs') && canMountFuse();
    case 'root':
      return process.getuid?.() === 0;
    case 'script':
      // util-linux's: others take other arguments.
      return spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes(
        'util-linux',
      );
    case 'strace':
      return isOnPath('strace');
  }
};
