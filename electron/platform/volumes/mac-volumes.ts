// Volumes as macOS knows them: `diskutil` tells disks and identities, `mount` what is mounted, also from the network.
// An APFS volume lies in a container, that on a partition, that on a disk; the disk is what can die.
// Tried on recorded output only: no Mac was at hand.
import { z } from 'zod';
import { parsePlist } from './parse-plist.ts';
import { runTool } from './run-tool.ts';
import { volume, type Volume } from './volume.ts';

const LONGEST_LISTING_MS = 15_000;
const LONGEST_LOOK_MS = 5_000;

const name = z.string().optional();
const partSchema = z.object({
  DeviceIdentifier: z.string(),
  MountPoint: name,
  VolumeName: name,
  VolumeUUID: name,
  DiskUUID: name,
  OSInternal: z.boolean().optional(),
  MountedSnapshots: z.array(z.object({ SnapshotMountPoint: name })).optional(),
});
const diskSchema = z.object({
  ...partSchema.shape,
  Partitions: z.array(partSchema).optional(),
  APFSVolumes: z.array(partSchema).optional(),
  APFSPhysicalStores: z.array(z.object({ DeviceIdentifier: z.string() })).optional(),
});
const listSchema = z.object({ AllDisksAndPartitions: z.array(diskSchema) });

/** What the tools said. */
export interface MacListing {
  /** `diskutil list -plist` */
  readonly all: string;
  /** `diskutil list -plist external physical` */
  readonly external: string;
  /** `diskutil list -plist physical`: a disk image is a disk too, and lies on another one. */
  readonly physical: string;
  /** `mount` */
  readonly mounts: string;
}

/** Null: macOS did not tell. */
export async function listMacVolumes(): Promise<readonly Volume[] | null> {
  const [all, external, physical, mounts] = await Promise.all([
    diskutil(['list', '-plist']),
    diskutil(['list', '-plist', 'external', 'physical']),
    diskutil(['list', '-plist', 'physical']),
    macFingerprint(),
  ]);
  return all === null
    ? null
    : parseMacVolumes({
        all,
        external: external ?? '',
        physical: physical ?? '',
        mounts: mounts ?? '',
      });
}

/** What is mounted; null: it did not tell. */
export async function macFingerprint(): Promise<string | null> {
  return runTool('/sbin/mount', [], LONGEST_LOOK_MS);
}

/** Null for what is no such listing. */
export function parseMacVolumes({
  all,
  external,
  physical,
  mounts,
}: MacListing): readonly Volume[] | null {
  const disks = disksIn(all);
  if (disks === null) return null;
  const namesIn = (plist: string): ReadonlySet<string> =>
    new Set((disksIn(plist) ?? []).map((disk) => disk.DeviceIdentifier));
  const outside = namesIn(external);
  const real = namesIn(physical);
  const mounted = parseMacMounts(mounts);
  const readOnly = new Set(mounted.filter((each) => each.isReadOnly).map(({ folder }) => folder));
  const local = disks.flatMap((disk) => {
    const below = wholeDisksOf(disk);
    const isOut = below.some((each) => outside.has(each));
    const known = below.every((each) => real.has(each)) ? below : [];
    return [disk, ...(disk.Partitions ?? []), ...(disk.APFSVolumes ?? [])].flatMap((part) =>
      describe(part, known, isOut, readOnly),
    );
  });
  return [...local, ...mounted.flatMap(networkVolume)];
}

function describe(
  part: z.infer<typeof partSchema>,
  disks: readonly string[],
  isOut: boolean,
  readOnly: ReadonlySet<string>,
): readonly Volume[] {
  const snapshots = (part.MountedSnapshots ?? []).map((each) => each.SnapshotMountPoint);
  const folders = [part.MountPoint, ...snapshots].filter(
    (folder) => folder !== undefined && folder !== '',
  );
  const [first] = folders;
  if (first === undefined) return [];
  return [
    volume({
      folders: folders.filter((folder) => folder !== undefined),
      kind: isOut ? 'removable' : 'disk',
      id: (part.VolumeUUID ?? part.DiskUUID)?.toLowerCase() ?? null,
      label: part.VolumeName ?? null,
      disks,
      isReadOnly: readOnly.has(first),
      isForSystem:
        part.OSInternal === true &&
        first.startsWith('/System/Volumes/') &&
        first !== '/System/Volumes/Data',
    }),
  ];
}

/** `disk0s2` lies on `disk0`; a container on the disks of its stores. */
function wholeDisksOf({
  DeviceIdentifier,
  APFSPhysicalStores,
}: z.infer<typeof diskSchema>): readonly string[] {
  const stores = APFSPhysicalStores?.map((store) => store.DeviceIdentifier) ?? [DeviceIdentifier];
  return [...new Set(stores.map((store) => /^disk\d+/u.exec(store)?.[0] ?? store))];
}

export interface MacMount {
  readonly source: string;
  readonly folder: string;
  readonly type: string;
  readonly isReadOnly: boolean;
}

/** Lines such as `//anna@nas/office on /Volumes/office (smbfs, nodev, nosuid, mounted by anna)`. */
export function parseMacMounts(text: string): readonly MacMount[] {
  return text.split('\n').flatMap((line): MacMount[] => {
    const [, source, folder, options] = /^(.+?) on (\/.*) \(([^()]*)\)$/u.exec(line) ?? [];
    if (source === undefined || folder === undefined || options === undefined) return [];
    const [type = '', ...rest] = options.split(', ');
    return [{ source, folder, type, isReadOnly: rest.includes('read-only') }];
  });
}

function networkVolume({ source, folder, type, isReadOnly }: MacMount): readonly Volume[] {
  if (!/^(?:smbfs|nfs|afpfs|webdav|ftp|macfuse|osxfuse|fuse)$/u.test(type)) return [];
  const label = decodeURIComponentSafely(folder.slice(folder.lastIndexOf('/') + 1));
  // What FUSE shows may lie anywhere.
  if (/fuse/u.test(type)) return [volume({ folders: [folder], kind: 'other', label, isReadOnly })];
  return [volume({ folders: [folder], kind: 'network', host: hostOf(source), label, isReadOnly })];
}

function hostOf(source: string): string | null {
  const found =
    /^\/\/(?:[^/@]*@)?([^/]+)\//u.exec(source) ??
    /^[a-z]+:\/\/(?:[^/@]*@)?([^/:]+)/iu.exec(source) ??
    /^([^/:]+):\//u.exec(source);
  // Bonjour writes `NAS._smb._tcp.local`.
  return found?.[1] === undefined
    ? null
    : decodeURIComponentSafely(found[1]).replace(/\._(?:smb|afpovertcp)\._tcp\.local$/u, '');
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function disksIn(plist: string): readonly z.infer<typeof diskSchema>[] | null {
  const parsed = listSchema.safeParse(parsePlist(plist));
  return parsed.success ? parsed.data.AllDisksAndPartitions : null;
}

const diskutil = async (asked: readonly string[]): Promise<string | null> =>
  runTool('/usr/sbin/diskutil', asked, LONGEST_LISTING_MS);
