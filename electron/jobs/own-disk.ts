// Whether a place lies on another disk than what it protects. Said only when it is certain; else null.
// Linux knows the disk of a partition; elsewhere only equal volumes say something, for two may share a disk.
import { realpath, stat, statfs } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Engine } from './engine.ts';

/** Kinds of file systems that lie on another computer, as statfs tells them on Linux. */
const networkFileSystems: ReadonlySet<number> = new Set([
  0x6969, 0xff534d42, 0xfe534d42, 0x517b, 0x65735546, 0x01021997,
]);

/** True: another disk; false: the same; null: it cannot be told; `away`: one of them is not there. */
export async function isOnOtherDisk(
  source: string,
  place: string,
): Promise<boolean | null | 'away'> {
  try {
    const [one, other] = await Promise.all([stat(source), stat(place)]);
    if (one.dev === other.dev) return false;
    if (process.platform !== 'linux') return null;
    if (networkFileSystems.has((await statfs(place)).type)) return true;
    const [oneDisk, otherDisk] = await Promise.all([diskOf(one.dev), diskOf(other.dev)]);
    return oneDisk === null || otherDisk === null ? null : oneDisk !== otherDisk;
  } catch {
    return 'away';
  }
}

/** Says it for each path that shares its disk with the place. */
export async function warnOfOwnDisk(
  engine: Engine,
  place: string,
  sources: readonly string[],
): Promise<void> {
  const folder = await engine.places.sight(place);
  if (folder === null) return;
  for (const source of sources) {
    if ((await isOnOtherDisk(source, folder)) === false) {
      engine.notify({ kind: 'own-disk', source, place });
    }
  }
}

/** Name of the whole disk of a device; null for one without a disk of its own (tmpfs, overlay, LVM). */
async function diskOf(device: number): Promise<string | null> {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  try {
    const path = await realpath(`/sys/dev/block/${major}:${minor}`);
    // A partition lies in the folder of its disk: .../block/sda/sda1.
    const parent = basename(dirname(path));
    const disk = parent === 'block' ? basename(path) : parent;
    return /^(?:dm-|md|loop)/u.test(disk) ? null : disk;
  } catch {
    return null;
  }
}
