// What is mounted, as Linux tells it in `/proc/self/mountinfo`. Pure.
import { basename } from 'node:path';
import type { VolumeKind } from './volume.ts';

export interface LinuxMount {
  readonly folder: string;
  readonly type: string;
  /** E.g. `/dev/sdb1`, `//server/share`. */
  readonly source: string;
  /** `8:17`; `0:45` for what has no device of its own. */
  readonly device: string;
  readonly isReadOnly: boolean;
  readonly kind: Exclude<VolumeKind, 'removable'>;
  readonly host: string | null;
}

const diskTypes: ReadonlySet<string> = new Set(
  'ext2 ext3 ext4 xfs btrfs zfs f2fs jfs reiserfs bcachefs vfat msdos exfat ntfs ntfs3 fuseblk hfsplus apfs udf'.split(
    ' ',
  ),
);
const networkTypes: ReadonlySet<string> = new Set(
  (
    'nfs nfs4 cifs smb3 smbfs 9p afs ceph glusterfs lustre ncpfs davfs ' +
    'fuse.sshfs fuse.rclone fuse.davfs2 fuse.davfs fuse.glusterfs fuse.s3fs fuse.curlftpfs fuse.gvfsd-fuse'
  ).split(' '),
);
/** Mounted for the system's own purposes. */
const SYSTEM_FOLDER = /^\/(?:boot|efi|snap|dev|proc|sys|usr|etc|var\/(?:lib|snap))(?:\/|$)/u;
/** Where desktops mount what is plugged in. */
const PLUGGED_IN_FOLDER = /^\/(?:run\/)?media\//u;

export const isForSystem = (folder: string): boolean => SYSTEM_FOLDER.test(folder);
export const isPluggedInFolder = (folder: string): boolean => PLUGGED_IN_FOLDER.test(folder);

/** All mounts, in the order in which they were made. */
export function parseMountInfo(text: string): readonly LinuxMount[] {
  return text.split('\n').flatMap((line): LinuxMount[] => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , device = '', , folder = '', options = ''] = before.split(' ').map(unescapeField);
    const [type = '', source = '', superOptions = ''] = after.split(' ').map(unescapeField);
    if (folder === '' || type === '') return [];
    const all = [...options.split(','), ...superOptions.split(',')];
    return [
      {
        folder,
        type,
        source,
        device,
        isReadOnly: all.includes('ro'),
        kind: kindOf(type),
        host: networkTypes.has(type) ? hostOf(source, all) : null,
      },
    ];
  });
}

/** Shares that GNOME has mounted are folders with names like `smb-share:server=nas,share=office` in one mount. */
export function gvfsShare(name: string): { readonly host: string; readonly label: string } | null {
  const [, server] =
    /^(?:smb-share|afp-volume|sftp|ftp|dav|davs|nfs):(?:.*,)?(?:server|host)=([^,]+)/u.exec(
      name,
    ) ?? [null, null];
  if (server === null || server === undefined) return null;
  const share = /(?:^|[:,])(?:share|volume)=([^,]+)/u.exec(name)?.[1] ?? server;
  return { host: server, label: decode(share) };
}

function kindOf(type: string): LinuxMount['kind'] {
  if (networkTypes.has(type)) return 'network';
  return diskTypes.has(type) ? 'disk' : 'other';
}

/** The address that the system is connected to says more than the name that was given. */
function hostOf(source: string, options: readonly string[]): string | null {
  const address = options.find((option) => option.startsWith('addr='))?.slice('addr='.length);
  if (address !== undefined && address !== '') return address;
  const found =
    /^\/\/([^/]+)\//u.exec(source) ??
    /^[a-z]+:\/\/(?:[^/@]*@)?([^/:]+)/iu.exec(source) ??
    /^(?:[^/@:]*@)?(\[[^\]]+\]|[^/:]+):/u.exec(source);
  return found?.[1]?.replace(/^\[|\]$/gu, '') ?? null;
}

/** Blanks stand as `\040` in lists of mounts. */
function unescapeField(field: string): string {
  return field.replace(/\\([0-7]{3})/gu, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 8)),
  );
}

/** As udev writes names of links: bytes of UTF-8 as `\x20`. */
export function unescapeLinkName(name: string): string {
  return decode(name.replace(/\\x([0-9a-f]{2})/gu, (_, digits: string) => `%${digits}`));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/giu, '%25'));
  } catch {
    return text;
  }
}

/** `sda` of the folder `.../block/sda/sda1`. */
export function wholeDiskFolder(deviceFolder: string): string {
  const parent = deviceFolder.slice(0, deviceFolder.lastIndexOf('/'));
  return basename(parent) === 'block' ? deviceFolder : parent;
}
