// The volumes of this computer, as they are now. What costs something is asked again only when something has changed.
// Promise: never throws; what a system does not tell is not there, and every question to it has a time limit.
import { realpath } from 'node:fs/promises';
import { linuxFingerprint, listLinuxVolumes } from './linux-volumes.ts';
import { listMacVolumes, macFingerprint } from './mac-volumes.ts';
import { volume, volumeHolding, type Volume } from './volume.ts';
import { hostOfUnc, listWindowsVolumes, windowsFingerprint } from './windows-volumes.ts';

/** A light asks often; what was plugged in a moment ago may wait that long. */
const FRESH_MS = 2_000;
/** Even if nothing seems to have changed: shares are not part of what Windows tells cheaply. */
const OLDEST_MS = 10 * 60_000;
/** A system that did not tell: each question may cost as much as the first. */
const AGAIN_AFTER_MS = 60_000;

/** How one system is asked. Null: it did not tell. */
export interface VolumeSource {
  fingerprint(): Promise<string | null>;
  list(): Promise<readonly Volume[] | null>;
}

interface Known {
  readonly volumes: readonly Volume[];
  readonly fingerprint: string | null;
  readonly goodUntilMs: number;
}

/** Remembers for a moment, and longer while the fingerprint stays. */
export function rememberVolumes(
  source: VolumeSource,
  monotonicMs: () => number,
): () => Promise<readonly Volume[]> {
  let known: Known | null = null;
  let lookedMs = -Infinity;
  let asking: Promise<readonly Volume[]> | null = null;
  const ask = async (): Promise<readonly Volume[]> => {
    const fingerprint = await source.fingerprint().catch(() => null);
    const nowMs = monotonicMs();
    if (known === null || known.fingerprint !== fingerprint || nowMs >= known.goodUntilMs) {
      const volumes = await source.list().catch(() => null);
      const goodForMs = volumes === null ? AGAIN_AFTER_MS : OLDEST_MS;
      known = { volumes: volumes ?? [], fingerprint, goodUntilMs: nowMs + goodForMs };
    }
    lookedMs = monotonicMs();
    return known.volumes;
  };
  return async () => {
    if (known !== null && monotonicMs() - lookedMs < FRESH_MS) return known.volumes;
    asking ??= ask().finally(() => (asking = null));
    return asking;
  };
}

const sources: Readonly<Partial<Record<NodeJS.Platform, VolumeSource>>> = {
  linux: { fingerprint: linuxFingerprint, list: listLinuxVolumes },
  win32: { fingerprint: windowsFingerprint, list: listWindowsVolumes },
  darwin: { fingerprint: macFingerprint, list: listMacVolumes },
};
const untold: VolumeSource = { fingerprint: async () => null, list: async () => null };

/** All volumes of this computer, those of the system too. */
export const listVolumes: () => Promise<readonly Volume[]> = rememberVolumes(
  sources[process.platform] ?? untold,
  () => performance.now(),
);

/** The volume of a path that is there, and the folder it is mounted at; null: not there, or not told. */
export async function findVolume(
  path: string,
): Promise<{ readonly volume: Volume; readonly folder: string } | null> {
  const real = await realpath(path).catch(() => null);
  if (real === null) return null;
  const host = process.platform === 'win32' ? hostOfUnc(real) : null;
  if (host !== null) {
    const folder = real.split('\\').slice(0, 4).join('\\');
    return { volume: volume({ folders: [folder], kind: 'network', host }), folder };
  }
  return volumeHolding(real, await listVolumes());
}
