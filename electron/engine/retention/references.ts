// Everything that any manifest still needs, live or late. Anything unreadable is a reason to remove nothing.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { RestorePoint } from '../../../shared/model/restore-point.ts';
import { readListPacks } from '../vault/folder-list.ts';
import { loadManifest, type PointIndex } from '../vault/point-index.ts';
import { readLevelPacks } from '../vault/page-table.ts';
import { notesOf } from '../vault/notes.ts';
import type { Vault } from '../vault/vault.ts';

export interface References {
  readonly packs: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  /** All live and late points. */
  readonly points: readonly RestorePoint[];
}

/** Throws prune-refused while anything cannot be read, authenticated and understood, or a point has vanished. */
export async function collectReferences(
  vault: Vault,
  index: PointIndex,
  wounds: readonly string[],
): Promise<References> {
  const refuse = (detail: string) =>
    new BackupError({ code: 'prune-refused', place: vault.storage.location, detail });
  if (index.newestLease === null) throw refuse('no lease can be read');
  if (index.vanished.length > 0)
    throw refuse(`${index.vanished.length} restore points have vanished`);
  if (wounds.length > 0) throw refuse(`cannot be read: ${wounds.slice(0, 3).join(', ')}`);
  const packs = new Set<string>();
  const tables = new Set<string>();
  const lists = new Set<string>();
  const points: RestorePoint[] = [];
  const open = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      throw error instanceof BackupError ? refuse(error.message) : error;
    }
  };
  const ignore = () => undefined; // the other copy says the same
  const liveLevels = { tables: new Set<string>(), lists: new Set<string>() };
  for (const ref of [...index.live, ...index.late]) {
    const { point } = await open(() => loadManifest(vault, ref, ignore));
    points.push(point);
    for (const { id } of point.packs) packs.add(id);
    for (const { id } of point.tables) tables.add(id);
    for (const { id } of point.lists) lists.add(id);
    if (index.late.includes(ref)) continue;
    for (const { id } of point.tables) liveLevels.tables.add(id);
    for (const { id } of point.lists) liveLevels.lists.add(id);
  }
  // A manifest that names fewer packs than its tables need would be a bug: then removing is the worst answer.
  const named = new Set(packs);
  const checkLevel = (id: string, needed: readonly string[]) => {
    if (!needed.every((pack) => named.has(pack)))
      throw refuse(`${id} needs a pack that no restore point names`);
  };
  // What a late point needs may be gone already; then it never comes to life, and must not stand in the way for ever.
  for (const id of liveLevels.tables)
    checkLevel(id, await open(() => readLevelPacks(vault, id, ignore)));
  for (const id of liveLevels.lists)
    checkLevel(id, await open(() => readListPacks(vault, id, ignore)));
  keepReplacements(index, packs);
  return { packs, tables, lists, points };
}

/** A pack that stands in for a lost one is needed as long as the lost one is. */
function keepReplacements(index: PointIndex, packs: Set<string>): void {
  for (const { content } of notesOf(index.notes, 'replace')) {
    if (packs.has(content.from)) packs.add(content.to);
  }
}
