/** The product's jobs in this process, on the computer's clock; without vitest, for processes of tests. */
import { randomBytes } from 'node:crypto';
import { openEngine, type Engine } from '../../electron/jobs/engine.ts';
import type { Notice } from '../../shared/model/notice.ts';
import { createMemoryKeychain } from './memory-keychain.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';
import { realClock } from './test-clock.ts';

const computeWorkerUrl = new URL(
  '../../electron/engine/pipeline/compute-worker.ts',
  import.meta.url,
);

const passphrase = 'correct horse battery staple';

/** On the computer's clock; the caller ends it. */
export function openActionsEngine(dataFolder: string, notify: (notice: Notice) => void): Engine {
  return openEngine({
    dataFolder,
    clock: realClock,
    random: randomBytes,
    workers: { source: sourceWorkerUrl, compute: computeWorkerUrl },
    app: 'test',
    secrets: {
      given: async () => ({ kind: 'passphrase', passphrase }),
      store: async () => createMemoryKeychain(),
      ask: null,
    },
    notify,
  });
}
