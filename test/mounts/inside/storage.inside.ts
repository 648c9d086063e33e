/** The storage suite on a folder of the file system that holds this system's temporary files: run there by file-systems.test.ts. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { openFolderStorage } from '../../../electron/engine/storage/folder-storage.ts';
import { describeStorage } from '../../conformance/storage.suite.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { realClock } from '../../support/test-clock.ts';

test('the folder lies on a file system of its own', () => {
  expect(statSync(tmpdir()).dev).not.toBe(statSync('/').dev);
});

describeStorage('mounted', async () => {
  const open = { root: await makeTemporaryFolder(), clock: realClock, random: randomBytes };
  return { storage: await openFolderStorage(open), again: await openFolderStorage(open) };
});
