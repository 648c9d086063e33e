/** The real engine in a temporary folder: vault, storage, source host, compute pool. Ends with the running test or its file. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock, RandomBytes } from '../../shared/model/clock.ts';
import type {
  BackupRequest,
  BackupResult,
  SourceRequest,
} from '../../electron/engine/backup/backup-request.ts';
import { runBackup } from '../../electron/engine/backup/run-backup.ts';
import type { ComputePool } from '../../electron/engine/pipeline/compute-pool.ts';
import { openSourceHost, type SourceHost } from '../../electron/engine/sources/source-host.ts';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { createVault, openVault } from '../../electron/engine/vault/open-vault.ts';
import {
  readProcessIdentity,
  type ProcessIdentity,
} from '../../electron/engine/vault/process-identity.ts';
import type { Vault } from '../../electron/engine/vault/vault.ts';
import { sharedHost, sharedPool } from './shared-threads.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { realClock } from './test-clock.ts';

/** The cheapest scrypt that readers accept: tests open many vaults. */
export const TEST_SCRYPT_N = 2 ** 14;
export const TEST_PASSPHRASE = 'correct horse battery staple';

/** What a test may set otherwise for one backup; sources by path, or in full. */
export type TestBackup = Partial<Omit<BackupRequest, 'sources'>>;

export interface TestEngine extends AsyncDisposable {
  /** For the test's own files; the vault lies in `place`, caches in `cacheFolder`, both below it. */
  readonly folder: string;
  readonly place: string;
  readonly cacheFolder: string;
  readonly storage: Storage;
  readonly vault: Vault;
  readonly recoverySecret: Buffer;
  readonly host: SourceHost;
  readonly pool: ComputePool;
  readonly owner: ProcessIdentity;
  /** Damage that readers reported so far: `[object, message]`. */
  readonly damage: (readonly [object: string, message: string])[];
  readonly report: (object: string, error: Error) => void;
  /** Backs up, `auto` kind, into the vault. */
  backup(sources: SourcesOfTest, options?: TestBackup): Promise<BackupResult>;
  /** The same vault as another process would open it: nothing remembered. */
  openAgain(): Promise<Vault>;
}

type SourcesOfTest = string | readonly (string | SourceRequest)[];

export interface TestEngineOptions {
  readonly clock?: Clock;
  readonly random?: RandomBytes;
  /** Wraps the folder storage, e.g. with faults. */
  readonly wrapStorage?: (storage: Storage) => Storage;
  /** Default: a new temporary folder. */
  readonly folder?: string;
}

/** Makes a vault and everything that works on it. Call inside a test. */
export async function openTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const surroundings = {
    clock: options.clock ?? realClock,
    random: options.random ?? randomBytes,
  };
  const folder = options.folder ?? (await makeTemporaryFolder());
  const [place, cacheFolder] = [join(folder, 'vault'), join(folder, 'cache')];
  await mkdir(place, { recursive: true });
  const plainStorage = await openFolderStorage({ root: place, ...surroundings });
  const storage = options.wrapStorage?.(plainStorage) ?? plainStorage;
  const secret = { passphrase: TEST_PASSPHRASE, scryptN: TEST_SCRYPT_N };
  const { vault, recoverySecret } = await createVault(storage, secret, surroundings);
  // A thread tells times by the clock that it was opened with.
  const ownHost =
    options.clock === undefined
      ? null
      : await openSourceHost({ workerUrl: sourceWorkerUrl, clock: options.clock });
  const host = ownHost ?? (await sharedHost());
  const pool = sharedPool();
  const owner = readProcessIdentity();
  const damage: (readonly [string, string])[] = [];
  const report = (object: string, error: Error): void => void damage.push([object, error.message]);
  const close = async (): Promise<void> => ownHost?.[Symbol.asyncDispose]();
  onTestFinished(close);
  return {
    folder,
    place,
    cacheFolder,
    storage,
    vault,
    recoverySecret,
    host,
    pool,
    owner,
    damage,
    report,
    backup: async (sources, wishes = {}) =>
      runBackup({
        vault,
        host,
        pool,
        owner,
        kind: 'auto',
        planId: null,
        app: 'test',
        cacheFolder,
        forceScan: false,
        onProgress: () => undefined,
        report,
        signal: new AbortController().signal,
        ...wishes,
        sources: toRequests(sources),
      }),
    openAgain: async () =>
      openVault(storage, { kind: 'passphrase', passphrase: TEST_PASSPHRASE }, surroundings, report),
    [Symbol.asyncDispose]: close,
  };
}

function toRequests(sources: SourcesOfTest): readonly SourceRequest[] {
  const list = typeof sources === 'string' ? [sources] : sources;
  return list.map((source) =>
    typeof source === 'string' ? { path: source, id: null, name: null } : source,
  );
}
