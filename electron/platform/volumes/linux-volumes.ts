// Volumes as Linux knows them: mounts from /proc, identities from udev's links, disks from /sys. Reads files only.
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  gvfsShare,
  isForSystem,
  isPluggedInFolder,
  parseMountInfo,
  unescapeLinkName,
  wholeDiskFolder,
  type LinuxMount,
} from './linux-mounts.ts';
import { volume, volumeHolding, type Volume } from './volume.ts';

/** A disk in an image file lies where the image does; deeper than this nobody nests them. */
const DEEPEST_NESTING = 4;

/** All that is mounted now, in the order of mounting. */
export async function listLinuxVolumes(): Promise<readonly Volume[]> {
  const [text, ids, labels] = await Promise.all([
    readFile('/proc/self/mountinfo', 'utf8'),
    readLinks('/dev/disk/by-uuid'),
    readLinks('/dev/disk/by-label'),
  ]);
  const mounts = parseMountInfo(text);
  const found = await Promise.all(mounts.map(async (mount) => describe(mount, ids, labels)));
  const volumes = found.flat();
  return Promise.all(
    volumes.map(async (each) => ({ ...each, disks: await disksOf(each.disks, volumes) })),
  );
}

/** What changes when something is mounted, unmounted or plugged in. */
export async function linuxFingerprint(): Promise<string> {
  const ids = await readdir('/dev/disk/by-uuid').catch(() => []);
  return `${await readFile('/proc/self/mountinfo', 'utf8')}\n${ids.join()}`;
}

async function describe(
  mount: LinuxMount,
  ids: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, string>,
): Promise<readonly Volume[]> {
  const { folder, kind, host, isReadOnly, type } = mount;
  if (type === 'fuse.gvfsd-fuse') return gvfsVolumes(folder);
  const known = { folders: [folder], host, isReadOnly, isForSystem: isForSystem(folder) };
  if (kind !== 'disk') return [volume({ ...known, kind })];
  const device = await realpath(mount.source).catch(() => mount.source);
  const deviceFolder = await findDevice(mount, device);
  const disks = deviceFolder === null ? [] : await wholeDisks(deviceFolder, 0);
  const isOut = isPluggedInFolder(folder) || (await canBePulled(deviceFolder, disks));
  return [
    volume({
      ...known,
      kind: isOut ? 'removable' : 'disk',
      id: ids.get(device) ?? null,
      label: labels.get(device) ?? null,
      disks,
    }),
  ];
}

/** One mount of GNOME holds all shares of a user, a folder each. */
async function gvfsVolumes(folder: string): Promise<readonly Volume[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const share = gvfsShare(name);
    if (share === null) return [];
    return [volume({ folders: [join(folder, name)], kind: 'network', ...share })];
  });
}

/** By the number of the mounted device, or by name where a file system has a number of its own (btrfs, zfs). */
async function findDevice(mount: LinuxMount, device: string): Promise<string | null> {
  const byNumber = realpath(`/sys/dev/block/${mount.device}`);
  return byNumber
    .catch(async () => realpath(join('/sys/class/block', basename(device))))
    .catch(() => null);
}

/** Paths in /sys of all whole disks below; an image file as `file:` and its path. */
async function wholeDisks(deviceFolder: string, depth: number): Promise<readonly string[]> {
  if (depth > DEEPEST_NESTING) return [];
  const parts = await readdir(join(deviceFolder, 'slaves')).catch(() => []);
  if (parts.length > 0) {
    const below = parts.map(async (part) => {
      const path = await realpath(join(deviceFolder, 'slaves', part));
      return wholeDisks(path, depth + 1);
    });
    const found = await Promise.all(below);
    // One that cannot be told leaves the whole open.
    return found.some((disks) => disks.length === 0) ? [] : found.flat();
  }
  const disk = wholeDiskFolder(deviceFolder);
  const image = await readFile(join(disk, 'loop', 'backing_file'), 'utf8').catch(() => null);
  if (image !== null) return [`file:${image.trimEnd()}`];
  // A mapper without parts, memory: no disk that could die by itself.
  return /^(?:dm-|md|zram|ram|nbd)/u.test(basename(disk)) ? [] : [disk];
}

/** Names of disks; images resolved to the disks that they lie on. */
async function disksOf(
  disks: readonly string[],
  volumes: readonly Volume[],
  depth = 0,
): Promise<readonly string[]> {
  const names = await Promise.all(
    disks.map(async (disk): Promise<readonly string[]> => {
      if (!disk.startsWith('file:')) return [basename(disk)];
      const at = await realpath(disk.slice('file:'.length)).catch(() => null);
      const under =
        at === null || depth > DEEPEST_NESTING ? null : volumeHolding(at, volumes, 'linux');
      return under === null ? [] : disksOf(under.volume.disks, volumes, depth + 1);
    }),
  );
  return names.some((each) => each.length === 0) ? [] : [...new Set(names.flat())];
}

/** Connected by USB, an SD card, or marked so by the kernel. */
async function canBePulled(
  deviceFolder: string | null,
  disks: readonly string[],
): Promise<boolean> {
  if (deviceFolder === null) return false;
  for (const disk of [...disks, wholeDiskFolder(deviceFolder)]) {
    if (/\/usb\d/u.test(disk)) return true;
    if (await reads(join(disk, 'removable'), '1')) return true;
    if (await reads(join(disk, 'device', 'type'), 'SD')) return true;
  }
  return false;
}

const reads = async (file: string, wanted: string): Promise<boolean> =>
  readFile(file, 'utf8').then(
    (text) => text.trim() === wanted,
    () => false,
  );

/** Device -> name of the link to it. */
async function readLinks(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name): Promise<readonly [string, string] | null> => {
      const device = await realpath(join(folder, name)).catch(() => null);
      return device === null ? null : [device, unescapeLinkName(name)];
    }),
  );
  return new Map(found.filter((each) => each !== null));
}
