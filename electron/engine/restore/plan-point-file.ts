// How a page file of a restore point will be brought out, with the tools of a restore. Nothing is written yet.
import type { PageFile, PointSource } from '../../../shared/model/restore-point.ts';
import { planPageFile, type PlannedPageFile } from './fetch-page-file.ts';
import type { PointToRestore, RestoreTools } from './restore-tools.ts';

/** `onBytes` is told of content bytes that are in place. Throws point-damaged. */
export async function planPointFile(
  { pool, report, signal }: RestoreTools,
  { vault, point, notes }: PointToRestore,
  { source, file }: { readonly source: PointSource; readonly file: PageFile },
  onBytes: (bytes: number) => void,
): Promise<PlannedPageFile> {
  const of = { pointId: point.id, sourceId: source.id, file, packs: point.packs, notes };
  return planPageFile({ vault, pool, ...of, onBytes, report, signal });
}
