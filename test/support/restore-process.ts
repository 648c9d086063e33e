/**
 * Restores one point in place in a process of its own, to be killed in the middle of it or run as another user. The
 * vault's passphrase is in the environment, HOLDFAST_PASSPHRASE.
 *
 *   node test/support/restore-process.ts PLACE POINT TARGET [into]
 *
 * `into`: TARGET is a new folder for all of it.
 */
import { randomBytes } from 'node:crypto';
import { createComputePool } from '../../electron/engine/pipeline/compute-pool.ts';
import { NO_SAFETY } from '../../electron/engine/restore/make-safety-point.ts';
import { contentOfSource } from '../../electron/engine/restore/restore-content.ts';
import { restoreFolderInPlace } from '../../electron/engine/restore/restore-folder-in-place.ts';
import { restoreInPlace } from '../../electron/engine/restore/restore-in-place.ts';
import { restoreIntoFolder } from '../../electron/engine/restore/restore-into-folder.ts';
import type { RestoreTools } from '../../electron/engine/restore/restore-tools.ts';
import { openSourceHost } from '../../electron/engine/sources/source-host.ts';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import { openVault } from '../../electron/engine/vault/open-vault.ts';
import { loadManifest, readPointIndex } from '../../electron/engine/vault/point-index.ts';
import { readProcessIdentity } from '../../electron/engine/vault/process-identity.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';
import { realClock } from './test-clock.ts';

const [place, pointId, target, how] = process.argv.slice(2);
const passphrase = process.env['HOLDFAST_PASSPHRASE'];
if (place === undefined || pointId === undefined || target === undefined) throw new Error('usage');
if (passphrase === undefined) throw new Error('no passphrase in the environment');
const report = (object: string, error: Error): never => {
  throw new Error(`damaged: ${object}`, { cause: error });
};
const surroundings = { clock: realClock, random: randomBytes };
const storage = await openFolderStorage({ root: place, ...surroundings });
const vault = await openVault(storage, { kind: 'passphrase', passphrase }, surroundings, report);
const { live, notes } = await readPointIndex(vault, report);
const ref = live.find(({ id }) => id === pointId);
if (ref === undefined) throw new Error(`no point ${pointId}`);
const { point } = await loadManifest(vault, ref, report);

await using host = await openSourceHost({ workerUrl: sourceWorkerUrl, clock: realClock });
const computeWorker = new URL('../../electron/engine/pipeline/compute-worker.ts', import.meta.url);
// It is started dozens of times.
await using pool = createComputePool(computeWorker, 1);
const tools: RestoreTools = {
  ...surroundings,
  host,
  pool,
  owner: readProcessIdentity(),
  onProgress: () => undefined,
  report,
  signal: new AbortController().signal,
};
const [source] = point.sources;
if (source === undefined) throw new Error('no source');
const onSafetyPoint = async (): Promise<void> => undefined;
const [safety, from] = [NO_SAFETY, { vault, point, notes }];
if (how === 'into') {
  const scope = { kind: 'everything' } as const;
  const wish = { tools, from, folder: target, scope, checkIntegrity: false };
  const { files, problems } = await restoreIntoFolder(wish);
  console.log(JSON.stringify({ files, problems }));
} else if (source.kind === 'folder') {
  const wish = { tools, from, source, folder: target, safety, only: null, removes: [] };
  const { files, problems } = await restoreFolderInPlace({ ...wish, onSafetyPoint });
  console.log(JSON.stringify({ files, problems }));
} else {
  const content = await contentOfSource(tools, from, source);
  const { way } = await restoreInPlace({ tools, target, content, safety, onSafetyPoint });
  console.log(JSON.stringify({ way }));
}
