/** Source hosts for tests: the product's worker, or one with a part taken out. */
import { onTestFinished } from 'vitest';
import { openSourceHost, type SourceHost } from '../../electron/engine/sources/source-host.ts';
import { sharedHost } from './shared-threads.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';
import { realClock } from './test-clock.ts';

/** What a sabotaged worker lacks. */
export type MissingPart = 'read-lock' | 'overlay';

/** The host that all tests of the file use; one that lacks a part ends with the running test. */
export async function openTestSourceHost(without: MissingPart | null = null): Promise<SourceHost> {
  if (without === null) return sharedHost();
  return openHostOn(new URL(`./worker-without-${without}.ts`, import.meta.url));
}

/** A host of the running test's own, to be ended or made to hang. */
export const openOwnSourceHost = async (): Promise<SourceHost> => openHostOn(sourceWorkerUrl);

/** One that waits twenty times as fast, for tests of patience that has an end. */
export const openHurriedSourceHost = async (): Promise<SourceHost> =>
  openHostOn(new URL('./worker-in-a-hurry.ts', import.meta.url));

async function openHostOn(workerUrl: URL): Promise<SourceHost> {
  const host = await openSourceHost({ workerUrl, clock: realClock });
  onTestFinished(async () => host[Symbol.asyncDispose]());
  return host;
}
