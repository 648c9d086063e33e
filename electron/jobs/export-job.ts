// A restore point as a plain ZIP that opens anywhere. It is not sealed, and a note inside says so.
// The point is restored and checked in a scratch folder first: what goes into the ZIP is what a restore would give.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Problem } from '../../shared/model/failure.ts';
import type { PointId } from '../../shared/model/ids.ts';
import { createProgressMeter } from '../../shared/model/progress-meter.ts';
import { writeZip, type WrittenZip, type ZipEntry } from '../engine/export/write-zip.ts';
import { restoreIntoFolder } from '../engine/restore/restore-into-folder.ts';
import { openScratchFolder } from '../engine/restore/scratch-database.ts';
import { chooseScope } from './choose-scope.ts';
import type { Engine } from './engine.ts';
import { findPoint, type WantedPoint } from './find-point.ts';
import { recordRun, type JobContext, type RunBody } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { scratchPlaceOf } from './scratch-place.ts';

export interface ExportJobRequest {
  readonly place: string;
  readonly wanted: WantedPoint;
  /** Null: everything. */
  readonly only: string | null;
  /** Absolute path of the ZIP; must not exist. */
  readonly file: string;
}

export interface ExportReport extends WrittenZip {
  readonly point: PointId;
  readonly file: string;
  /** What a ZIP cannot hold, and what was damaged before it was backed up. */
  readonly problems: readonly Problem[];
}

/** Throws target-exists, target-full, place-full, point-damaged. */
export async function exportJob(
  engine: Engine,
  request: ExportJobRequest,
  context: JobContext,
): Promise<ExportReport> {
  const { place, file } = request;
  const subject = { kind: 'export', place, planId: null, expectedVault: null } as const;
  return recordRun(engine, subject, context, async (run) => {
    const { vault } = await engine.vaults.open(run.located, run.signal);
    const { point, index } = await findPoint(engine, vault, request.wanted);
    run.note({ point: point.id });
    const scope = await chooseScope(engine, vault, point, request.only);
    const tools = await restoreToolsOf(engine, run);
    await using scratch = await openScratchFolder(tools, scratchPlaceOf(engine));
    const folder = join(scratch.path, 'point');
    const from = { vault, point, notes: index.notes };
    const restored = await restoreIntoFolder({ tools, from, folder, scope, checkIntegrity: true });
    run.note({ bytesRead: restored.bytes, problems: restored.problems });
    const written = await zipFolder(engine, run, folder, file, restored.bytes);
    const problems = [...restored.problems, ...written.problems];
    run.note({ bytesStored: written.fileBytes, problems });
    return { ...written, point: point.id, file, problems };
  });
}

async function zipFolder(
  engine: Engine,
  { onProgress, signal }: RunBody,
  folder: string,
  file: string,
  bytes: number,
): Promise<WrittenZip & { readonly problems: readonly Problem[] }> {
  const meter = createProgressMeter(engine.clock, onProgress);
  meter.start('export', bytes, file);
  const problems: Problem[] = [];
  let told = 0;
  const written = await writeZip(listEntries(folder, problems), file, {
    nowMs: engine.clock.nowMs(),
    onProgress: (bytesDone) => {
      meter.add(bytesDone - told);
      told = bytesDone;
    },
    signal,
  });
  meter.finish();
  return { ...written, problems };
}

/** Files, in the order of their names; links are problems, folders come into being with their files. */
async function* listEntries(folder: string, problems: Problem[]): AsyncGenerator<ZipEntry> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isFile: entry.isFile() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, isFile } of paths) {
    const name = relative(folder, path).split(sep).join('/');
    if (!isFile) {
      const detail = 'a link cannot be put into a ZIP';
      problems.push({ failure: { code: 'target-refused', path: name, detail } });
      continue;
    }
    const { size, mtimeMs, mode } = await stat(path);
    yield { path: name, size, mtimeMs, mode, open: () => createReadStream(path) };
  }
}
