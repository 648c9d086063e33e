/** The product's jobs in this process, on the office's shares, with a keychain in memory. Ends with the test. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { backupJob, type BackupReport } from '../../../electron/jobs/backup-job.ts';
import { createVaultJob } from '../../../electron/jobs/create-vault-job.ts';
import { openEngine, type Engine } from '../../../electron/jobs/engine.ts';
import type { JobContext } from '../../../electron/jobs/record-run.ts';
import type { Progress } from '../../../shared/model/progress.ts';
import { createMemoryKeychain, type MemoryKeychain } from '../memory-keychain.ts';
import { sourceWorkerUrl } from '../source-worker-url.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { realClock } from '../test-clock.ts';
import { TEST_PASSPHRASE, TEST_SCRYPT_N } from '../test-engine.ts';
import { SHARE_PASSWORD } from './samba-server.ts';

const computeWorkerUrl = new URL(
  '../../../electron/engine/pipeline/compute-worker.ts',
  import.meta.url,
);

export interface ShareEngine {
  readonly engine: Engine;
  readonly keychain: MemoryKeychain;
  readonly folder: string;
  readonly context: JobContext;
  /** Makes a vault there. */
  createVault(place: string): Promise<void>;
  backup(
    place: string,
    source: string,
    onProgress?: (progress: Progress) => void,
  ): Promise<BackupReport>;
  close(): Promise<void>;
}

/** `password` null: nobody knows the password of any share. */
export async function openShareEngine(
  password: string | null = SHARE_PASSWORD,
): Promise<ShareEngine> {
  const folder = await makeTemporaryFolder();
  const keychain = createMemoryKeychain();
  const engine = openEngine({
    dataFolder: join(folder, 'data'),
    clock: realClock,
    random: randomBytes,
    workers: { source: sourceWorkerUrl, compute: computeWorkerUrl },
    app: 'test',
    secrets: {
      given: async () => null,
      store: async () => keychain,
      ask: null,
      shares: { given: async () => password, ask: null },
    },
    notify: () => undefined,
    scryptN: TEST_SCRYPT_N,
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> =>
    (closing ??= Promise.resolve(engine[Symbol.asyncDispose]()));
  onTestFinished(close);
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  return {
    engine,
    keychain,
    folder,
    context,
    close,
    async createVault(place) {
      await createVaultJob(
        engine,
        { place, passphrase: TEST_PASSPHRASE, remember: false },
        context,
      );
    },
    backup: async (place, path, onProgress = () => undefined) =>
      backupJob(
        engine,
        {
          place,
          sources: [{ path, id: null, name: null }],
          kind: 'auto',
          forceScan: false,
          readBack: true,
          planId: null,
          expectedVault: null,
        },
        { ...context, onProgress },
      ),
  };
}
