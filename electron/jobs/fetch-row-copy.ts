// The database of a restore point that records are taken out of, in a scratch folder.
import { BackupError } from '../../shared/model/backup-error.ts';
import { createProgressMeter } from '../../shared/model/progress-meter.ts';
import type { PointSource } from '../../shared/model/restore-point.ts';
import type { RestoreTools } from '../engine/restore/restore-tools.ts';
import { fetchScratchDatabase, type ScratchFolder } from '../engine/restore/scratch-database.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { FoundPoint } from './find-point.ts';

export interface RowCopyWish {
  readonly vault: Vault;
  readonly found: FoundPoint;
  readonly source: PointSource;
  readonly folder: ScratchFolder;
}

/** Gives its path. Throws target-refused for what has no tables, point-damaged, target-full. */
export async function fetchRowCopy(
  tools: RestoreTools,
  { vault, found, source, folder }: RowCopyWish,
): Promise<string> {
  const { point, index } = found;
  const file = source.kind === 'sqlite' ? source.pages : null;
  if (file === null) {
    const detail = 'records can be taken out of SQLite databases only';
    throw new BackupError({ code: 'target-refused', path: source.path, detail });
  }
  const from = { vault, point, notes: index.notes };
  const meter = createProgressMeter(tools.clock, tools.onProgress);
  meter.start('fetch', file.size, source.name);
  const onBytes = meter.add;
  const name = 'copy.db';
  const wish = { tools, from, source, file, folder, name, onBytes };
  return (await fetchScratchDatabase(wish)).path;
}
