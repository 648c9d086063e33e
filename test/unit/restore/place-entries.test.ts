/** What a user would lose if a disk took two names for one: the file that was there first. */
import { expect, test } from 'vitest';
import type { FolderEntry } from '../../../electron/engine/vault/folder-list.ts';
import type { DiskNames } from '../../../electron/engine/restore/disk-names.ts';
import { placeEntries } from '../../../electron/engine/restore/place-entries.ts';

const takesAll: DiskNames = { foldsCase: false, foldsForms: false, isStrict: false };
const [composed, decomposed] = ['caf\u00e9.txt', 'cafe\u0301.txt'];

/** In the order of lists; a path that ends with a slash is a folder. */
async function place(paths: readonly string[], names: Partial<DiskNames>) {
  async function* entries(): AsyncGenerator<FolderEntry> {
    for (const path of paths) {
      yield path.endsWith('/')
        ? { kind: 'folder', path: path.slice(0, -1), mode: 0o755, mtimeMs: 0 }
        : { kind: 'link', path, target: 'x' };
    }
  }
  const placed = await Array.fromAsync(placeEntries(entries(), { ...takesAll, ...names }));
  return placed.map(({ path, listedAs }) => (listedAs === null ? path : `${listedAs} -> ${path}`));
}

const mixed = ['Docs/', 'Docs.txt', 'Docs/A.pdf', 'Docs/a.pdf', 'docs/', 'docs.txt', 'docs/a.pdf'];

test.each<[string, readonly string[], Partial<DiskNames>, readonly string[]]>([
  [
    'a disk that tells all names apart',
    [...mixed, composed, decomposed, 'a:b', 'con'],
    {},
    [
      'Docs',
      'Docs.txt',
      'Docs/A.pdf',
      'Docs/a.pdf',
      'docs',
      'docs.txt',
      'docs/a.pdf',
      composed,
      decomposed,
      'a:b',
      'con',
    ],
  ],
  [
    'upper and lower case, folders with all that is in them',
    mixed,
    { foldsCase: true },
    [
      'Docs',
      'Docs.txt',
      'Docs/A.pdf',
      'Docs/a.pdf -> Docs/a (2).pdf',
      'docs -> docs (2)',
      'docs.txt -> docs (2).txt',
      'docs (2)/a.pdf',
    ],
  ],
  [
    'a number that is taken as well',
    ['Ä.txt', 'ä (2).txt', 'ä.txt'],
    { foldsCase: true },
    ['Ä.txt', 'ä (2).txt', 'ä.txt -> ä (3).txt'],
  ],
  [
    'two spellings of an accent',
    [decomposed, composed],
    { foldsForms: true },
    [decomposed, `${composed} -> caf\u00e9 (2).txt`],
  ],
  ['a sharp s is no double s', ['Strasse', 'straße'], { foldsCase: true }, ['Strasse', 'straße']],
  [
    'what Windows refuses',
    ['a:b.txt', 'a?b.txt', 'con.txt', 'end.', 'x. /', 'x. /y'],
    { isStrict: true },
    [
      'a:b.txt -> a_b.txt',
      'a?b.txt -> a_b (2).txt',
      'con.txt -> _con.txt',
      'end. -> end',
      'x.  -> x',
      'x/y',
    ],
  ],
])('%s', async (_what, paths, names, expected) => {
  expect(await place(paths, names)).toEqual(expected);
});
