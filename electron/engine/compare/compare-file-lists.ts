// Compares the files of a folder (or files stored as found) in two restore points, by their lists alone.
// Promise: both lists are read once, side by side in the order of their paths; no file is fetched.
import type {
  FileComparison,
  RowChange,
  SourceComparison,
} from '../../../shared/model/comparison.ts';
import type { PointSource } from '../../../shared/model/restore-point.ts';
import { comparePaths } from '../format/list-entry.ts';
import { type FolderEntry, readFolderList } from '../vault/folder-list.ts';
import type { PointToRestore } from '../restore/restore-tools.ts';
import { throwIfCancelled } from '../restore/throw-if-cancelled.ts';
import type { CompareJob } from './compare-job.ts';

/** Links count as files; folders do not. */
export async function compareFileLists({
  request,
  source,
  now,
  watch,
}: CompareJob): Promise<SourceComparison> {
  const { before, after, tools } = request;
  if (after.kind === 'live' || now === null)
    return { kind: 'opaque', detail: 'the present files are not read for a comparison' };
  if (source.list === null || now.list === null)
    return { kind: 'opaque', detail: 'it is stored in another way now' };
  if (source.list.levels.join() === now.list.levels.join())
    return { kind: 'identical', by: 'digest' };
  watch.start('compare', null, source.name);
  const [then, later] = [openCursor(request, before, source), openCursor(request, after.from, now)];
  const files = startFigures(request.sampleLimit);
  let [a, b] = [await then.next(), await later.next()];
  while (a !== null || b !== null) {
    throwIfCancelled(tools.signal);
    const order = a === null ? 1 : b === null ? -1 : comparePaths(a.path, b.path);
    if (order < 0 && a !== null) files.note('removed', a.path);
    if (order > 0 && b !== null) files.note('added', b.path);
    if (order === 0 && a !== null && b !== null)
      files.note(contentOf(a) === contentOf(b) ? null : 'changed', a.path);
    [a, b] = [order <= 0 ? await then.next() : a, order >= 0 ? await later.next() : b];
  }
  return { kind: 'files', files: files.take() };
}

interface Cursor {
  /** The next file or link; null at the end. */
  next(): Promise<FolderEntry | null>;
}

function openCursor(
  { tools }: CompareJob['request'],
  { vault }: PointToRestore,
  { list }: PointSource,
): Cursor {
  const entries = readFolderList(vault, list?.levels ?? [], tools.report);
  const next = async (): Promise<FolderEntry | null> => {
    for (;;) {
      const found = await entries.next();
      if (found.done === true) return null;
      if (found.value.kind !== 'folder') return found.value;
    }
  };
  return { next };
}

function contentOf(entry: FolderEntry): string {
  if (entry.kind === 'file') return `file ${entry.sha256}`;
  return entry.kind === 'link' ? `link ${entry.target}` : 'folder';
}

function startFigures(sampleLimit: number): {
  note(change: RowChange | null, path: string): void;
  take(): FileComparison;
} {
  const figures = { same: 0, added: 0, removed: 0, changed: 0 };
  const examples: FileComparison['examples'][number][] = [];
  return {
    note: (change, path) => {
      figures[change ?? 'same'] += 1;
      if (change !== null && figures[change] <= sampleLimit) examples.push({ change, path });
    },
    take: () => {
      const { same, added, removed, changed } = figures;
      const both = same + changed;
      return {
        filesBefore: both + removed,
        filesAfter: both + added,
        added,
        removed,
        changed,
        examples,
      };
    },
  };
}
