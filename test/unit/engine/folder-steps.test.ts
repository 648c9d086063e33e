import { expect, test } from 'vitest';
import { pairWithParent } from '../../../electron/engine/backup/folder-steps.ts';
import type { WalkedItem } from '../../../electron/engine/backup/walk-folder.ts';
import type { FolderEntry } from '../../../electron/engine/vault/folder-list.ts';

async function* each<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list;
}

const folder = (path: string): WalkedItem => ({
  path,
  item: { kind: 'folder', name: path, mode: 0o755, mtimeMs: 0 },
});
const unlisted = (path: string): WalkedItem => ({
  path,
  item: { kind: 'unlisted', name: path, detail: 'EACCES' },
});
const entry = (path: string): FolderEntry => ({ path, kind: 'folder', mode: 0o755, mtimeMs: 0 });

async function stepsOf(walked: readonly WalkedItem[], before: readonly string[]) {
  const steps: string[] = [];
  for await (const step of pairWithParent(each(walked), each(before.map(entry)))) {
    const what = step.kind === 'gone' ? 'gone' : step.item.kind;
    steps.push(
      `${step.path} ${what}${step.kind === 'here' && step.known !== null ? ' known' : ''}`,
    );
  }
  return steps;
}

test('new, known and gone paths take a step each, in order', async () => {
  expect(await stepsOf([folder('b'), folder('c')], ['a', 'c', 'd'])).toEqual([
    'a gone',
    'b folder',
    'c folder known',
    'd gone',
  ]);
});

test('what lay in a folder that cannot be listed any more stays; its neighbours go as ever', async () => {
  const before = ['a', 'a-1', 'a/x', 'a/y', 'a/y/z', 'ab', 'b'];
  expect(await stepsOf([folder('a'), unlisted('a'), folder('b')], before)).toEqual([
    'a folder known',
    'a unlisted',
    'a-1 gone',
    'ab gone',
    'b folder known',
  ]);
});

test('so does what lay in a folder that cannot even be looked at', async () => {
  const other: WalkedItem = { path: 'a', item: { kind: 'other', name: 'a', detail: 'EIO' } };
  expect(await stepsOf([other, folder('a-1')], ['a', 'a-1', 'a/x', 'b'])).toEqual([
    'a other known',
    'a-1 folder known',
    'b gone',
  ]);
});
