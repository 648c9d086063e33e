// Stores one source by what it is: page file or database, folder, or a damaged database kept raw.
import { dirname, join } from 'node:path';
import { hasCode } from '../../../shared/model/backup-error.ts';
import type { LostFrames } from '../vault/lost-frames.ts';
import type { BackupRequest } from './backup-request.ts';
import type { FrameQueue } from './frame-queue.ts';
import type { ParentSource, PlannedSource } from './planned-source.ts';
import type { ProgressMeter } from '../../../shared/model/progress-meter.ts';
import type { StoredSource } from './source-result.ts';
import type { SourceInspection } from '../sources/capture.ts';
import { storeFolderSource } from './store-folder-source.ts';
import { storePageSource } from './store-page-source.ts';
import { storeRawSource } from './store-raw-source.ts';

export interface StoreSource {
  readonly request: BackupRequest;
  readonly epoch: number;
  readonly planned: PlannedSource;
  readonly parent: ParentSource | null;
  readonly frames: FrameQueue;
  readonly lost: LostFrames;
  readonly meter: ProgressMeter;
}

/** A stored source, and the databases found inside a folder: sources of their own. */
export interface StoredWithDatabases {
  readonly stored: StoredSource;
  /** Relative to the folder. */
  readonly databases: readonly string[];
}

export async function storeSource(job: StoreSource): Promise<StoredWithDatabases> {
  const { request, planned, meter } = job;
  const inspection = await request.host.inspect(planned.path, 0);
  // What a folder holds is known from the last time only.
  const bytes =
    inspection.kind === 'folder' ? (job.parent?.source.list?.bytes ?? null) : inspection.bytes;
  meter.start('read', bytes, planned.name);
  const onBytes = (bytes: number) => meter.add(bytes);
  if (inspection.kind === 'folder') {
    const stored = await storeFolderSource({ ...job, onBytes });
    return { stored, databases: stored.databases };
  }
  let told = 0;
  const stored = await storeDatabase(job, inspection, (more) => {
    told += more;
    onBytes(more);
  });
  // What needed no reading is done as well.
  onBytes(Math.max(0, inspection.bytes - told));
  return { stored, databases: [] };
}

async function storeDatabase(
  job: StoreSource,
  inspection: SourceInspection,
  onBytes: (bytes: number) => void,
): Promise<StoredSource> {
  const { planned } = job;
  const folder = dirname(inspection.path);
  const storeRaw = (detail: string) => {
    const problem = {
      failure: { code: 'source-damaged' as const, path: planned.path, detail },
      source: planned.name,
    };
    return storeRawSource({
      ...job,
      files: [inspection.path, ...inspection.sideFiles.map((name) => join(folder, name))],
      problem,
      onBytes,
    });
  };
  if (inspection.kind === 'raw') return storeRaw(inspection.detail ?? inspection.format);
  try {
    return await storePageSource({ ...job, onBytes });
  } catch (error) {
    if (hasCode(error, 'source-damaged') && error.failure.code === 'source-damaged')
      return storeRaw(error.failure.detail);
    throw error;
  }
}
