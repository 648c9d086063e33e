// Files of a restore before they have their name: beside the target, so that one rename puts them there.
// The name tells whose they are: what a killed restore left behind is found and removed by the next one in that folder.
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RandomBytes } from '../../../shared/model/clock.ts';
import { sideFileOf, sideFileSuffixes } from '../sources/side-files.ts';
import { isProcessDead, type ProcessIdentity } from '../vault/process-identity.ts';

const SCRATCH = /^\.holdfast-restore-([0-9a-f]{12})-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.part/;

/** A new name in `folder`. */
export function scratchPath(folder: string, owner: ProcessIdentity, random: RandomBytes): string {
  const chance = Buffer.from(random(8)).toString('hex');
  const maker = `${tagOf(owner)}-${bootOf(owner)}-${owner.pid}`;
  return join(folder, `.holdfast-restore-${maker}-${chance}.part`);
}

/** Removes a scratch file and what SQLite made beside it. */
export async function removeScratch(path: string): Promise<void> {
  for (const suffix of sideFileSuffixes) await rm(sideFileOf(path, suffix), { force: true });
  await rm(path, { force: true });
}

/** Removes scratch files in `folder` whose process is known to be dead, but for those of these names. */
export async function removeDeadScratch(
  folder: string,
  owner: ProcessIdentity,
  needed: ReadonlySet<string>,
): Promise<void> {
  for (const name of await readdir(folder)) {
    if (needed.has(name)) continue;
    const [, tag, boot, pid] = SCRATCH.exec(name) ?? [];
    if (tag !== tagOf(owner) || pid === undefined) continue;
    // A pid that was given to another process since keeps its file until the next time.
    const maker = { ...owner, pid: Number(pid), startTime: '' };
    const isOfDeadBoot = boot !== bootOf(owner);
    if (isOfDeadBoot || (maker.pid !== owner.pid && isProcessDead(maker, owner) === true))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** The same in all folders below, links not followed: where a restore of many files was killed. */
export async function removeDeadScratchBelow(
  folder: string,
  owner: ProcessIdentity,
): Promise<void> {
  await removeDeadScratch(folder, owner, new Set());
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeDeadScratchBelow(join(folder, entry.name), owner);
  }
}

/** Process numbers mean something on one computer and in one namespace of it. */
function tagOf({ machine, host, pidNamespace }: ProcessIdentity): string {
  return hexHash(`${machine} ${host} ${pidNamespace}`).slice(0, 12);
}

/** Nothing outlives a power cut: what was made in another boot of this computer is nobody's. */
function bootOf({ boot }: ProcessIdentity): string {
  return hexHash(boot).slice(0, 8);
}

function hexHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
