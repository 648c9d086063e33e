/**
 * Threads of the real engine, started once for all tests of a file: half the work of many tests was starting threads.
 * They keep nothing of work that is done. A test that ends them, breaks them or looks at what their end leaves opens its own.
 */
import { afterAll } from 'vitest';
import {
  createComputePool,
  type ComputePool,
} from '../../electron/engine/pipeline/compute-pool.ts';
import { openSourceHost, type SourceHost } from '../../electron/engine/sources/source-host.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';
import { realClock } from './test-clock.ts';

const computeWorkerUrl = new URL(
  '../../electron/engine/pipeline/compute-worker.ts',
  import.meta.url,
);

let pool: ComputePool | null = null;
let host: Promise<SourceHost> | null = null;

/** Ends with the file's last test. */
export const sharedPool = (): ComputePool => (pool ??= createComputePool(computeWorkerUrl));

/** On the computer's clock; ends with the file's last test. */
export const sharedHost = async (): Promise<SourceHost> =>
  (host ??= openSourceHost({ workerUrl: sourceWorkerUrl, clock: realClock }));

afterAll(async () => {
  await (await host)?.[Symbol.asyncDispose]();
  await pool?.[Symbol.asyncDispose]();
  [host, pool] = [null, null];
});
