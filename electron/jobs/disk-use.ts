// Disks that this process works on: while it does, nobody is told that they may be unplugged.
// Promise: whoever is done with a disk that can be pulled out has written all of it to the disk first.
import type { VaultId } from '../../shared/model/ids.ts';
import { findVolume } from '../platform/volumes/list-volumes.ts';
import { runTool } from '../platform/volumes/run-tool.ts';
import type { Engine } from './engine.ts';
import { sightPlace } from './is-here.ts';

/** A stick with full buffers takes its time; what is not done by then is the system's to finish. */
const LONGEST_SYNC_MS = 120_000;

const users = new WeakMap<Engine, Map<VaultId, number>>();

/** True while work on the vault goes on here. */
export function isDiskInUse(engine: Engine, vaultId: VaultId): boolean {
  return (users.get(engine)?.get(vaultId) ?? 0) > 0;
}

/** Holds the disk until disposed; then everything on it is durable. */
export function useDisk(
  engine: Engine,
  at: { readonly path: string; readonly vaultId: VaultId | null },
): AsyncDisposable {
  const { vaultId } = at;
  if (vaultId === null) return { [Symbol.asyncDispose]: async () => undefined };
  count(engine, vaultId, 1);
  return {
    async [Symbol.asyncDispose]() {
      await syncDisk(engine, at).catch(() => undefined);
      count(engine, vaultId, -1);
    },
  };
}

function count(engine: Engine, vaultId: VaultId, change: number): void {
  const known = users.get(engine) ?? new Map<VaultId, number>();
  known.set(vaultId, (known.get(vaultId) ?? 0) + change);
  users.set(engine, known);
}

/** Files are synced as they are made; what a file system keeps of folders and room may not be. */
async function syncDisk(
  engine: Engine,
  at: { readonly path: string; readonly vaultId: VaultId | null },
): Promise<void> {
  const located = await sightPlace(engine, at);
  const found = located === null ? null : await findVolume(located.place);
  if (found?.volume.kind !== 'removable') return;
  // Windows writes at once to what can be pulled out, unless somebody has changed that policy.
  if (process.platform === 'linux') await runTool('sync', ['-f', found.folder], LONGEST_SYNC_MS);
  if (process.platform === 'darwin') await runTool('/bin/sync', [], LONGEST_SYNC_MS);
}
