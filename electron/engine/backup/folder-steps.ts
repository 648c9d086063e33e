// A folder as it is now beside the parent's list of it, both in path order: one step for each path of either.
import { comparePaths } from '../format/list-entry.ts';
import type { FolderItem } from '../sources/list-folder.ts';
import type { FolderEntry } from '../vault/folder-list.ts';
import type { WalkedItem } from './walk-folder.ts';

/** `known`: the parent's entry of this path, null where it has none. */
export type FolderStep =
  | { readonly kind: 'gone'; readonly path: string }
  | {
      readonly kind: 'here';
      readonly path: string;
      readonly item: FolderItem;
      readonly known: FolderEntry | null;
    };

/**
 * Both inputs ascend by path, and so do the steps. What the parent has below a folder that cannot be looked into now takes no step:
 * it stays as it was.
 */
export async function* pairWithParent(
  walked: AsyncGenerator<WalkedItem>,
  before: AsyncGenerator<FolderEntry>,
): AsyncGenerator<FolderStep> {
  const keptBelow: string[] = [];
  let old = await before.next();
  const takeOlder = async function* (path: string | null): AsyncGenerator<FolderStep> {
    const isOlder = (gone: string): boolean => path === null || comparePaths(gone, path) < 0;
    while (old.done !== true && isOlder(old.value.path)) {
      const gone = old.value.path;
      if (!keptBelow.some((folder) => gone.startsWith(folder))) yield { kind: 'gone', path: gone };
      old = await before.next();
    }
  };
  for await (const { path, item } of walked) {
    yield* takeOlder(path);
    const known = old.done !== true && old.value.path === path ? old.value : null;
    if (item.kind === 'unlisted' || (item.kind === 'other' && known?.kind === 'folder'))
      keptBelow.push(`${path}/`);
    yield { kind: 'here', path, item, known };
    if (known !== null) old = await before.next();
  }
  yield* takeOlder(null);
}
