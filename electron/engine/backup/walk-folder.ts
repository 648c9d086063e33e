// Walks a folder source in the order of its list: ascending by the UTF-8 bytes of the whole path. Links are not followed.
import { join } from 'node:path';
import { failureOf } from '../../../shared/model/backup-error.ts';
import { comparePaths } from '../format/list-entry.ts';
import type { FolderItem } from '../sources/list-folder.ts';
import type { SourceHost } from '../sources/source-host.ts';

export interface WalkedItem {
  /** Relative, `/`-separated. */
  readonly path: string;
  readonly item: FolderItem;
}

/** Folders come before what they hold. A folder that cannot be listed yields an item of kind `unlisted` in place of what is below it. */
export async function* walkFolder(
  host: SourceHost,
  root: string,
  below = '',
): AsyncGenerator<WalkedItem> {
  const folder = join(root, below);
  const items = await host.call('listFolder', folder, { path: folder });
  const steps = items.flatMap((item) => {
    const path = below === '' ? item.name : `${below}/${item.name}`;
    const entry = { key: path, path, item };
    // "a/" sorts after "a-b": the folder's own entry and its content are two steps.
    return item.kind === 'folder' ? [entry, { key: `${path}/`, path, item: null }] : [entry];
  });
  steps.sort((a, b) => comparePaths(a.key, b.key));
  for (const { path, item } of steps) {
    if (item !== null) yield { path, item };
    else yield* walkBelow(host, root, path);
  }
}

async function* walkBelow(
  host: SourceHost,
  root: string,
  path: string,
): AsyncGenerator<WalkedItem> {
  try {
    yield* walkFolder(host, root, path);
  } catch (error) {
    const failure = failureOf(error);
    if (!failure.code.startsWith('source-')) throw error;
    const detail = 'detail' in failure ? failure.detail : failure.code;
    const name = path.slice(path.lastIndexOf('/') + 1);
    yield { path, item: { kind: 'unlisted', name, detail } };
  }
}
