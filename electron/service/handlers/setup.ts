// What setup asks before there is a plan: what could be protected, where copies could go, whether a place is any good.
import { findSourcesJob } from '../../jobs/find-sources-job.ts';
import { inspectSourceJob } from '../../jobs/inspect-source-job.ts';
import { listPlaceCandidates } from '../../jobs/place-candidates.ts';
import { suggestPassphrase } from '../../jobs/suggest-passphrase.ts';
import { testPlaceJob } from '../../jobs/test-place-job.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { Handlers } from '../serve-calls.ts';
import { createKeyHandlers } from './keys.ts';

export function createSetupHandlers(
  parts: AgentParts,
): Pick<
  Handlers,
  | 'findSources'
  | 'inspectSource'
  | 'placeCandidates'
  | 'testPlace'
  | 'suggestPassphrase'
  | keyof ReturnType<typeof createKeyHandlers>
> {
  const { engine } = parts;
  return {
    ...createKeyHandlers(parts),
    findSources: async (_nothing, { signal }) => findSourcesJob(engine, signal),
    inspectSource: async ({ path }) => inspectSourceJob(engine, path),
    placeCandidates: async () => ({ candidates: await listPlaceCandidates() }),
    testPlace: async ({ sharePassword, ...request }) => {
      if (sharePassword !== undefined) engine.sharePasswords.offer(request.path, sharePassword);
      return testPlaceJob(engine, request);
    },
    suggestPassphrase: async () => ({ passphrase: suggestPassphrase(engine.random) }),
  };
}
