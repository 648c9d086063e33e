/** The last look before anything is removed: a path outside of the vault is refused, whatever led to it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assertInside, type FolderPlace } from '../../electron/engine/storage/folder-place.ts';

const root = join('/', 'media', 'disk', 'vault');
const place = { root } as FolderPlace;

test.each(['packs/ab/x', 'x', '..x', 'packs/..x'])('%s below the vault may be removed', (name) => {
  expect(() => assertInside(place, join(root, name))).not.toThrow();
});

test.each([root, `${root}/`, `${root}/../other`, `${root}x/packs`, join(root, '..'), '/', 'x', ''])(
  '%j is refused',
  (path) => {
    expect(() => assertInside(place, path)).toThrow('outside of');
  },
);
