// The entries of a folder list under the names that they get on a disk. Promise: no two entries share a name there, so none
// can come to lie over another; the same list gets the same names each time, so that doing it again finds them.
// Needs the order of lists: a folder comes before what it holds, and that without a break.
import type { FolderEntry } from '../vault/folder-list.ts';
import { foldName, numberedName, plainName, type DiskNames } from './disk-names.ts';

/** `path` is where it goes; `listedAs` the path in the list where that is another name, and null where only a folder's is. */
export type PlacedEntry = FolderEntry & { readonly listedAs: string | null };

interface Level {
  /** Of the list: the last part of the folder's path. */
  readonly part: string;
  /** On the disk, with a slash at the end; empty for the outermost. */
  readonly below: string;
  readonly taken: Set<string>;
  /** Folders in it that got another name. */
  readonly renamed: Map<string, string>;
}

export async function* placeEntries(
  entries: AsyncIterable<FolderEntry>,
  names: DiskNames,
): AsyncGenerator<PlacedEntry> {
  const takesAll = !names.foldsCase && !names.foldsForms && !names.isStrict;
  const levels: Level[] = [startLevel('', '')];
  for await (const entry of entries) {
    if (takesAll) {
      yield { ...entry, listedAs: null };
      continue;
    }
    const parts = entry.path.split('/');
    const name = parts.pop() ?? '';
    const level = enter(levels, parts);
    const chosen = chooseName(level, name, names);
    if (chosen !== name && entry.kind === 'folder') level.renamed.set(name, chosen);
    const listedAs = chosen === name ? null : entry.path;
    yield { ...entry, path: level.below + chosen, listedAs };
  }
}

function startLevel(part: string, below: string): Level {
  return { part, below, taken: new Set(), renamed: new Map() };
}

/** The level of this folder; `levels` is left as the way to it. */
function enter(levels: Level[], parts: readonly string[]): Level {
  let depth = 0;
  while (depth < parts.length && levels[depth + 1]?.part === parts[depth]) depth += 1;
  levels.length = depth + 1;
  for (const part of parts.slice(depth)) {
    const above = levels.at(-1);
    const below = `${above?.below ?? ''}${above?.renamed.get(part) ?? part}/`;
    levels.push(startLevel(part, below));
  }
  return levels.at(-1) ?? startLevel('', '');
}

function chooseName({ taken }: Level, name: string, names: DiskNames): string {
  const plain = names.isStrict ? plainName(name) : name;
  let chosen = plain;
  for (let number = 2; taken.has(foldName(chosen, names)); number++) {
    chosen = numberedName(plain, number);
  }
  taken.add(foldName(chosen, names));
  return chosen;
}
