/** What tests of network shares need from the machine. */
import { existsSync } from 'node:fs';
import { isAvailable } from '../machine.ts';

const programs = [
  '/usr/sbin/smbd',
  '/usr/bin/smbpasswd',
  '/usr/bin/gio',
  '/usr/bin/dbus-daemon',
  '/usr/bin/fusermount',
  '/usr/libexec/gvfsd',
  '/usr/libexec/gvfsd-fuse',
  '/usr/libexec/gvfsd-smb',
];

/** Debian packages with these. */
export const sharePackages = [
  'samba',
  'gvfs-fuse',
  'gvfs-backends',
  'libglib2.0-bin',
  'dbus',
  'gnome-keyring',
];

export const canShare =
  process.platform === 'linux' &&
  isAvailable('root') &&
  isAvailable('mount') &&
  isAvailable('bindfs') &&
  programs.every((program) => existsSync(program));
