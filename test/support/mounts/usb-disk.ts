/**
 * A disk that is plugged in and pulled out: an image on a loop device with a file system of its own, mounted below /media
 * as desktops do, and named in /dev/disk as udev does (where no udev runs, the links are made here).
 */
import { execFile } from 'node:child_process';
import { lstat, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { makeTemporaryFolder } from '../temporary-folder.ts';

const run = promisify(execFile);
const said = async (program: string, ...asked: readonly string[]): Promise<string> =>
  (await run(program, asked)).stdout.trim();

export interface UsbDisk {
  readonly label: string;
  readonly id: string;
  /** Mounts it at this folder, which is made. */
  plugIn(folder: string): Promise<void>;
  /** Unmounts it; fails while anybody has a file open on it. The mount folder stays, empty. */
  unplug(): Promise<void>;
}

const make = {
  ext4: (label: string, image: string) => said('mkfs.ext4', '-q', '-L', label, image),
  exfat: (label: string, image: string) => said('mkfs.exfat', '-L', label, image),
} as const;
const mount = {
  ext4: (device: string, folder: string) => said('mount', device, folder),
  exfat: (device: string, folder: string) =>
    said('mount.exfat-fuse', '-o', 'nonempty', device, folder),
} as const;

/** A new disk in a drawer. */
export async function makeUsbDisk(label: string, type: keyof typeof make): Promise<UsbDisk> {
  const image = join(await makeTemporaryFolder(), 'disk.img');
  await said('truncate', '-s', '1200M', image);
  await make[type](label, image);
  const id = await said('blkid', '-o', 'value', '-s', 'UUID', image);
  let plugged: { readonly device: string; readonly folder: string } | null = null;
  const links: string[] = [];
  const link = async (way: string, name: string, device: string): Promise<void> => {
    const path = join('/dev/disk', way, name);
    if (await lstat(path).catch(() => null)) return;
    await mkdir(join('/dev/disk', way), { recursive: true });
    await symlink(device, path);
    links.push(path);
  };
  const unplug = async (): Promise<void> => {
    if (plugged === null) return;
    const { device, folder } = plugged;
    await said('umount', folder);
    plugged = null;
    for (const path of links.splice(0)) await rm(path, { force: true });
    await said('losetup', '-d', device);
  };
  onTestFinished(unplug);
  return {
    label,
    id,
    async plugIn(folder) {
      await mkdir(folder, { recursive: true });
      const device = await said('losetup', '-f', '--show', image);
      await mount[type](device, folder);
      plugged = { device, folder };
      await link('by-uuid', id, device);
      await link('by-label', label, device);
    },
    unplug,
  };
}

/** A folder below /media where this test's disks are mounted; goes with the test. */
export async function makeMediaFolder(): Promise<(...names: readonly string[]) => string> {
  const folder = join('/media', `holdfast-test-${process.pid}`);
  await mkdir(folder, { recursive: true });
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return (...names) => join(folder, ...names);
}
