/** Restores of a test's engine: the tools of the product, the point of a backup, and the truth to compare with. */
import { readdirSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { BackupResult } from '../../electron/engine/backup/backup-request.ts';
import { NO_SAFETY, type SafetyPoint } from '../../electron/engine/restore/make-safety-point.ts';
import { contentOfSource } from '../../electron/engine/restore/restore-content.ts';
import {
  restoreFolderInPlace,
  type FolderInPlaceRequest,
  type FolderInPlaceResult,
} from '../../electron/engine/restore/restore-folder-in-place.ts';
import {
  restoreIntoFolder,
  type FolderRestoreResult,
} from '../../electron/engine/restore/restore-into-folder.ts';
import {
  restoreInPlace,
  type InPlaceRequest,
  type InPlaceResult,
} from '../../electron/engine/restore/restore-in-place.ts';
import type { PointToRestore, RestoreTools } from '../../electron/engine/restore/restore-tools.ts';
import type { PointSource } from '../../shared/model/restore-point.ts';
import { readPointIndex } from '../../electron/engine/vault/point-index.ts';
import type { TestEngine } from './test-engine.ts';
import { realClock } from './test-clock.ts';

/** What a restore of this engine works with. */
export function restoreToolsOf(
  engine: TestEngine,
  wishes: Partial<RestoreTools> = {},
): RestoreTools {
  const { host, pool, owner, report } = engine;
  return {
    clock: realClock,
    random: randomBytes,
    host,
    pool,
    owner,
    onProgress: () => undefined,
    report,
    signal: new AbortController().signal,
    ...wishes,
  };
}

/** The restore point that a backup made, as it is read from the vault now. */
export async function pointToRestore(
  engine: TestEngine,
  { point }: Pick<BackupResult, 'point'>,
): Promise<PointToRestore> {
  const { notes } = await readPointIndex(engine.vault, engine.report);
  return { vault: engine.vault, point, notes };
}

/** Restores the only source of a backup to `target`; without wishes nothing is kept for undoing. */
export async function restoreBackup(
  engine: TestEngine,
  made: Pick<BackupResult, 'point'>,
  target: string,
  wishes: Partial<InPlaceRequest> = {},
): Promise<InPlaceResult> {
  const from = await pointToRestore(engine, made);
  const tools = wishes.tools ?? restoreToolsOf(engine);
  const content = await contentOfSource(tools, from, sourceOf(made));
  return restoreInPlace({
    target,
    safety: NO_SAFETY,
    onSafetyPoint: async () => undefined,
    ...wishes,
    tools,
    content,
  });
}

/** Restores everything of a backup into a folder, with SQLite's own check. */
export async function restoreInto(
  engine: TestEngine,
  made: Pick<BackupResult, 'point'>,
  folder: string,
): Promise<FolderRestoreResult> {
  return restoreIntoFolder({
    tools: restoreToolsOf(engine),
    from: await pointToRestore(engine, made),
    folder,
    scope: { kind: 'everything' },
    checkIntegrity: true,
  });
}

/** Restores the only source of a backup, a folder, over what is there; without wishes nothing is kept for undoing. */
export async function restoreFolder(
  engine: TestEngine,
  made: Pick<BackupResult, 'point'>,
  folder: string,
  wishes: Partial<FolderInPlaceRequest> = {},
): Promise<FolderInPlaceResult> {
  return restoreFolderInPlace({
    tools: restoreToolsOf(engine),
    from: await pointToRestore(engine, made),
    source: sourceOf(made),
    folder,
    safety: NO_SAFETY,
    only: null,
    removes: [],
    onSafetyPoint: async () => undefined,
    ...wishes,
  });
}

/** The only source of a backup. */
export function sourceOf({ point }: Pick<BackupResult, 'point'>): PointSource {
  const [source] = point.sources;
  if (source === undefined) throw new Error('the backup has no source');
  return source;
}

/** Keeps the present state in the engine's vault, as jobs do. */
export function safetyInVault(engine: TestEngine) {
  return async (target: string): Promise<Extract<SafetyPoint, { kind: 'point' }>> => {
    const { point } = await engine.backup(target);
    const { vault, place } = engine;
    return { kind: 'point', vaultId: vault.id, place, point: point.id };
  };
}

/** Bytes of the header that a write through SQLite changes: format versions, change counter, schema cookie, library. */
const VOLATILE = [
  [18, 20],
  [24, 28],
  [40, 44],
  [92, 100],
] as const;

/** A database file without the header bytes that count its writes. */
export function contentOfDatabase(bytes: Buffer): Buffer {
  const calm = Buffer.from(bytes);
  for (const [from, to] of VOLATILE) calm.fill(0, from, to);
  return calm;
}

/** Names of `path` and of all that lies beside it under a name that begins with its own, or was made by a restore. */
export function filesAround(path: string): readonly string[] {
  const name = basename(path);
  return readdirSync(dirname(path))
    .filter((file) => file.startsWith(name) || file.startsWith('.holdfast'))
    .sort();
}

/** These files' bytes by name. */
export function readAround(path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesAround(path).map((name) => [name, readFileSync(join(dirname(path), name), 'base64')]),
  );
}
