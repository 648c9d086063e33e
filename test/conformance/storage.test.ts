/** The storage suite, run against every storage and wrapper there is. */
import { randomBytes } from 'node:crypto';
import { createFaultyStorage } from '../../electron/engine/storage/faulty-storage.ts';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import { createMemoryStorage } from '../../electron/engine/storage/memory-storage.ts';
import { createRetryingStorage } from '../../electron/engine/storage/retrying-storage.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock, realClock } from '../support/test-clock.ts';
import { describeStorage, type OpenedPlace } from './storage.suite.ts';

const inMemory = async (): Promise<OpenedPlace> => {
  const storage = createMemoryStorage({ clock: createTestClock(), random: randomBytes });
  return { storage, again: storage };
};

const inFolder =
  (...lacks: readonly ('hardLinks' | 'folderSync')[]) =>
  async (): Promise<OpenedPlace> => {
    const root = await makeTemporaryFolder();
    const open = { root, clock: realClock, random: randomBytes, lacks };
    return { storage: await openFolderStorage(open), again: await openFolderStorage(open) };
  };

describeStorage('memory', inMemory);
describeStorage('folder', inFolder());
describeStorage('folder without hard links', inFolder('hardLinks'));
describeStorage('folder without folder fsync', inFolder('folderSync'));
describeStorage('folder with neither', inFolder('hardLinks', 'folderSync'));

describeStorage('retrying', async () => {
  const { storage } = await inMemory();
  const retrying = createRetryingStorage(storage, { clock: createTestClock() });
  return { storage: retrying, again: storage };
});

describeStorage('faulty, with no fault planned,', async () => {
  const { storage } = await inMemory();
  return { storage: createFaultyStorage(storage, []), again: storage };
});
