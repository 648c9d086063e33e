/** Source hosts for tests: the product's worker, or one with a part taken out. */
import { onTestFinished } from 'vitest';
import { openSourceHost, type SourceHost } from '../../electron/engine/sources/source-host.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';
import { realClock } from './test-clock.ts';

/** What a sabotaged worker lacks. */
export type MissingPart = 'read-lock' | 'overlay';

/** A host that ends with the running test. */
export async function openTestSourceHost(without: MissingPart | null = null): Promise<SourceHost> {
  const workerUrl =
    without === null ? sourceWorkerUrl : new URL(`./worker-without-${without}.ts`, import.meta.url);
  const host = await openSourceHost({ workerUrl, clock: realClock });
  onTestFinished(async () => host[Symbol.asyncDispose]());
  return host;
}
