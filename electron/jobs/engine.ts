// What all jobs work with: one composition for the agent and the command line. Parts that cost something are started
// when a job first asks for them. Promise: disposing it ends every thread and closes every file.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, RandomBytes } from '../../shared/model/clock.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import type { Notice } from '../../shared/model/notice.ts';
import { createComputePool, type ComputePool } from '../engine/pipeline/compute-pool.ts';
import { openSourceHost, type SourceHost } from '../engine/sources/source-host.ts';
import { readProcessIdentity, type ProcessIdentity } from '../engine/vault/process-identity.ts';
import type { History } from '../history/open-history.ts';
import { createShareConnector, type ShareConnector } from '../platform/shares/share-connector.ts';
import { openJobHistory } from './open-job-history.ts';
import type { SecretChain } from './secret-chain.ts';
import { createPlaces, type Places } from './places/places.ts';
import { createSharePasswords, type SharePasswords } from './places/share-passwords.ts';
import { createShareWay } from './places/share-way.ts';
import { createVaultKeeper, type VaultKeeper } from './vault-keeper.ts';

export interface EngineOptions {
  /** Absolute; made if need be. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Where the code of the two kinds of threads lies. */
  readonly workers: { readonly source: URL; readonly compute: URL };
  /** Name and version, recorded in restore points. */
  readonly app: string;
  readonly secrets: SecretChain;
  /** Told of what is worth saying; never stops anything. */
  readonly notify: (notice: Notice) => void;
  /** scrypt's cost for new passphrases; only tests choose a lower one. */
  readonly scryptN?: number;
  /** How network shares are connected; left out: as this system does it. */
  readonly shares?: ShareConnector;
}

export interface Engine extends AsyncDisposable {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly dataFolder: string;
  readonly app: string;
  readonly owner: ProcessIdentity;
  readonly pool: ComputePool;
  /** From the name of a place to a folder. */
  readonly places: Places;
  readonly sharePasswords: SharePasswords;
  readonly vaults: VaultKeeper;
  readonly secrets: SecretChain;
  readonly notify: (notice: Notice) => void;
  readonly passphraseCost: { readonly scryptN?: number };
  host(): Promise<SourceHost>;
  history(): History;
  /** Runs `close` before everything else is closed; for what lives between calls. */
  atEnd(close: () => Promise<void>): void;
  /** Local caches of one vault; deleting it costs time, never data. */
  cacheFolder(vaultId: VaultId): string;
}

/** Puts the parts together; starts nothing yet. */
export function openEngine(options: EngineOptions): Engine {
  const { dataFolder, clock, random, app, secrets, notify } = options;
  const passphraseCost = options.scryptN === undefined ? {} : { scryptN: options.scryptN };
  const owner = readProcessIdentity();
  const pool = createComputePool(options.workers.compute);
  let host: Promise<SourceHost> | null = null;
  let history: History | null = null;
  const closers: (() => Promise<void>)[] = [];
  const sharePasswords = createSharePasswords(clock, secrets);
  const shares = options.shares ?? createShareConnector();
  const places = createPlaces(clock, [createShareWay(shares, sharePasswords)]);
  return {
    clock,
    random,
    dataFolder,
    app,
    owner,
    pool,
    secrets,
    notify,
    passphraseCost,
    places,
    sharePasswords,
    vaults: createVaultKeeper({ clock, random, secrets, notify }),
    host: () => (host ??= openSourceHost({ workerUrl: options.workers.source, clock })),
    history: () => (history ??= openJobHistory({ dataFolder, clock, owner, notify })),
    atEnd: (close) => void closers.push(close),
    cacheFolder(vaultId) {
      const folder = join(dataFolder, 'cache', vaultId);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    async [Symbol.asyncDispose]() {
      for (const close of closers.splice(0)) await close();
      await places.close();
      history?.close();
      await pool[Symbol.asyncDispose]();
      await (await host)?.[Symbol.asyncDispose]();
    },
  };
}
