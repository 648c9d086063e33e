// What is mounted, as Linux tells it: file systems that can hold copies, without those that only look like one.
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface Mount {
  /** E.g. `/dev/sdb1`, `//server/share`. */
  readonly device: string;
  readonly folder: string;
  readonly kind: 'disk' | 'network';
}

const diskFileSystems =
  'ext2 ext3 ext4 xfs btrfs zfs f2fs jfs reiserfs bcachefs vfat exfat ntfs ntfs3 fuseblk hfsplus apfs';
const networkFileSystems =
  'nfs nfs4 cifs smb3 smbfs ceph glusterfs davfs fuse.sshfs fuse.rclone fuse.davfs2 fuse.glusterfs';
/** Mounted for the system's own purposes. */
const SYSTEM_FOLDER = /^\/(?:boot|efi|snap|dev|proc|sys|usr|etc|var\/(?:lib|snap))(?:\/|$)/u;

/** Entries of `/proc/self/mounts` where somebody could keep files; read-only ones are left out. */
export function parseMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    const [device = '', folder = '', type = '', options = ''] = line.split(' ').map(unescapeField);
    const kind = kindOf(type, folder);
    const isReadOnly = options.split(',').includes('ro');
    if (kind === null || isReadOnly || SYSTEM_FOLDER.test(folder)) return [];
    return [{ device, folder, kind }];
  });
}

/** What is mounted now. */
export async function readMounts(): Promise<readonly Mount[]> {
  return parseMounts(await readFile('/proc/self/mounts', 'utf8'));
}

/** The volume's name that a device goes by in `/dev/disk/by-label`; null when it has none. */
export async function readLabel(device: string): Promise<string | null> {
  const folder = '/dev/disk/by-label';
  const wanted = await realpath(device).catch(() => null);
  if (wanted === null) return null;
  for (const name of await readdir(folder).catch(() => [])) {
    if ((await realpath(join(folder, name)).catch(() => null)) === wanted) return unescapeHex(name);
  }
  return null;
}

/** True for a disk that can be pulled out: marked so by the kernel, or connected by USB, as most external disks are. */
export async function isRemovable(deviceNumber: number): Promise<boolean> {
  const major = (deviceNumber >> 8) & 0xfff;
  const minor = (deviceNumber & 0xff) | ((deviceNumber >> 12) & 0xfff00);
  try {
    const path = await realpath(`/sys/dev/block/${major}:${minor}`);
    if (/\/usb\d/u.test(path)) return true;
    // A partition lies in the folder of its disk: .../block/sda/sda1.
    const disk = basename(dirname(path)) === 'block' ? path : dirname(path);
    return (await readFile(join(disk, 'removable'), 'utf8')).trim() === '1';
  } catch {
    return false; // no disk of its own: LVM, a container
  }
}

function kindOf(type: string, folder: string): Mount['kind'] | null {
  if (networkFileSystems.split(' ').includes(type)) return 'network';
  // In a container the root is a layered one.
  const isDisk =
    diskFileSystems.split(' ').includes(type) || (type === 'overlay' && folder === '/');
  return isDisk ? 'disk' : null;
}

/** Blanks stand as `\040` in the list of mounts. */
function unescapeField(field: string): string {
  return field.replace(/\\([0-7]{3})/gu, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 8)),
  );
}

/** As udev writes labels: bytes of UTF-8 as `\x20`. */
function unescapeHex(name: string): string {
  const bytes = name.replace(/\\x([0-9a-f]{2})/gu, (_, digits: string) => `%${digits}`);
  try {
    return decodeURIComponent(bytes.replace(/%(?![0-9a-f]{2})/gu, '%25'));
  } catch {
    return name;
  }
}
