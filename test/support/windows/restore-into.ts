/** Restores everything of a backup into a folder, with SQLite's own check. */
import {
  restoreIntoFolder,
  type FolderRestoreResult,
} from '../../../electron/engine/restore/restore-into-folder.ts';
import { pointToRestore, restoreToolsOf } from '../restore-trial.ts';
import type { TestEngine } from '../test-engine.ts';

export async function restoreInto(
  engine: TestEngine,
  made: Parameters<typeof pointToRestore>[1],
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
