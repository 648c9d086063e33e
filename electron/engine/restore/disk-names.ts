// How the disk of a target takes names: some tell no upper case from lower, some no two spellings of an accent, and some
// refuse signs and endings. Promise: it is tried, not guessed by the system; what cannot be tried is taken to be careful.
import { lstat, rm, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { onMissing, WINDOWS_DEVICE, WINDOWS_FORBIDDEN } from './safe-target.ts';
import type { RestoreTools } from './restore-tools.ts';
import { scratchPath } from './scratch-file.ts';

export interface DiskNames {
  /** `Offer` and `offer` are one file. */
  readonly foldsCase: boolean;
  /** An accented letter as one sign and as two are one file. */
  readonly foldsForms: boolean;
  /** What Windows refuses is refused. */
  readonly isStrict: boolean;
}

/** As it usually is, for a look that must not write. */
export function usualDiskNames(platform: NodeJS.Platform = process.platform): DiskNames {
  return {
    foldsCase: platform === 'win32' || platform === 'darwin',
    foldsForms: platform === 'darwin',
    isStrict: platform === 'win32',
  };
}

/** Tries it in `folder`, or in the nearest one around it where that is not there yet; leaves nothing. */
export async function tryDiskNames(
  folder: string,
  { owner, random }: Pick<RestoreTools, 'owner' | 'random'>,
  platform: NodeJS.Platform = process.platform,
): Promise<DiskNames> {
  if ((await lstat(folder).catch(onMissing)) === null && dirname(folder) !== folder) {
    return tryDiskNames(dirname(folder), { owner, random }, platform);
  }
  const scratch = scratchPath(folder, owner, random);
  const isThere = async (path: string): Promise<boolean> =>
    (await lstat(path).catch(() => null)) !== null;
  const composed = `${scratch}-\u00e9`;
  try {
    if (!(await canMake(scratch))) return usualDiskNames(platform);
    return {
      foldsCase: await isThere(scratch.replace(/\.part$/u, '.PART')),
      foldsForms: !(await canMake(composed)) || (await isThere(composed.normalize('NFD'))),
      isStrict: platform === 'win32' || !(await canMake(`${scratch}-?`)),
    };
  } finally {
    for (const path of [scratch, composed, `${scratch}-?`])
      await rm(path, { force: true }).catch(onMissing);
  }
}

async function canMake(path: string): Promise<boolean> {
  return writeFile(path, '', { flag: 'wx', mode: 0o600 }).then(
    () => true,
    () => false,
  );
}

/** Equal for names that this disk takes for one. */
export function foldName(name: string, { foldsCase, foldsForms }: DiskNames): string {
  const formed = foldsForms ? name.normalize('NFC') : name;
  return foldsCase ? Array.from(formed, upperSign).join('') : formed;
}

/** Sign by sign, as file systems do: a sharp s is no double s to them. */
function upperSign(sign: string): string {
  const upper = sign.toUpperCase();
  return upper.length === sign.length ? upper : sign;
}

/** A name that every disk takes, as like the old one as can be. */
export function plainName(name: string): string {
  const plain = name
    .replaceAll(new RegExp(WINDOWS_FORBIDDEN.source, 'gu'), '_')
    .replace(/[. ]+$/u, '');
  return plain === '' || WINDOWS_DEVICE.test(plain) ? `_${plain}` : plain;
}

/** The same name for the second, third and further one of it: the ending stays. */
export function numberedName(name: string, number: number): string {
  const ending = extname(name);
  return `${name.slice(0, name.length - ending.length)} (${number})${ending}`;
}
