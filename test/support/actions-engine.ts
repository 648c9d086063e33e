/** The product's jobs in this process, on the computer's clock by default; without vitest, for processes of tests. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../shared/model/clock.ts';
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

/** The caller ends it. */
export function openActionsEngine(
  dataFolder: string,
  notify: (notice: Notice) => void,
  clock: Clock = realClock,
): Engine {
  return openEngine({
    dataFolder,
    clock,
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
