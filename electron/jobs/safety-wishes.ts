// Where the state before a restore in place is kept: as a restore point in the vault, else as a copy on this computer.
// Promise: a restore point of a folder that lacks the present state of a file is none to rely on.
import { lstat } from 'node:fs/promises';
import { runBackup } from '../engine/backup/run-backup.ts';
import type { SafetyWishes } from '../engine/restore/make-safety-point.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import { evidenceOfPoint } from '../history/rebuild-from-points.ts';
import type { Engine } from './engine.ts';
import type { LocalRunBody } from './record-run.ts';
import { openUndoFolder } from './undo-store.ts';

export interface SafetyRequest {
  /** Null: only on this computer. */
  readonly vault: { readonly vault: Vault; readonly place: string } | null;
  /** The source that is restored; it keeps its id. */
  readonly source: Pick<PointSource, 'id' | 'name'> | null;
  readonly goOnWithout: boolean;
}

/** Makes nothing yet. */
export async function safetyWishesOf(
  engine: Engine,
  run: LocalRunBody,
  { vault, source, goOnWithout }: SafetyRequest,
): Promise<SafetyWishes> {
  const folders = [await openUndoFolder(engine)];
  if (vault === null) return { inVault: null, folders, goOnWithout };
  const inVault: SafetyWishes['inVault'] = async (target) => {
    const { point } = await runBackup({
      vault: vault.vault,
      host: await engine.host(),
      pool: engine.pool,
      owner: engine.owner,
      sources: [{ path: target, id: source?.id ?? null, name: source?.name ?? null }],
      kind: 'auto',
      planId: null,
      app: engine.app,
      cacheFolder: engine.cacheFolder(vault.vault.id),
      forceScan: false,
      // Its phases are parts of one: keeping the present state.
      onProgress: (progress) => run.onProgress({ ...progress, phase: 'safety-point' }),
      report: engine.vaults.report,
      signal: run.signal,
    });
    run.note({ bytesStored: point.written.bytes, evidence: evidenceOfPoint(point) });
    await assertWhole(point);
    return { kind: 'point', vaultId: vault.vault.id, place: vault.place, point: point.id };
  };
  return { inVault, folders, goOnWithout };
}

/** A file that could not be read has the entry of an older point there, which an undo would bring back. */
async function assertWhole({ sources, problems }: RestorePoint): Promise<void> {
  const folder = sources.find(({ kind }) => kind === 'folder');
  for (const { failure, source } of problems) {
    // Databases inside are sources of their own, and left alone by a restore of the folder.
    if (source !== folder?.name || !('path' in failure) || failure.path === null) continue;
    if (await isDevice(failure.path)) continue;
    const detail = `it could not be read just now: ${failure.code}`;
    throw new BackupError({ code: 'no-safety-point', path: failure.path, detail });
  }
}

/** Pipes, sockets and devices have no content that could be kept, and nothing is restored over them. */
async function isDevice(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory() && !found.isSymbolicLink();
}
