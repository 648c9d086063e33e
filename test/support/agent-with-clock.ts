/**
 * The agent as its entry puts it together, on a clock that a file moves: `{"aheadMs": n}` in HOLDFAST_TEST_CLOCK is how
 * far it is ahead of the computer's (leaping-clock.ts). Forked in place of the built agent, by Node or as a utility process.
 */
import { readGivenSecret, takeSecretVariables } from '../../electron/jobs/given-secret.ts';
import { systemClock, systemRandom } from '../../electron/platform/system-clock.ts';
import { dataFolder } from '../../electron/plans/data-folder.ts';
import { writeDurably } from '../../electron/plans/durable-file.ts';
import { openSafeStorageStore } from '../../electron/secrets/safe-storage-store.ts';
import { openSecretStore } from '../../electron/secrets/secret-store.ts';
import { findParentChannel } from '../../electron/service/parent-channel.ts';
import { createParentSealer } from '../../electron/service/parent-sealer.ts';
import { startAgent } from '../../electron/service/start-agent.ts';
import { openLeapingClock } from './leaping-clock.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';

const variables = takeSecretVariables(process.env);
const file = process.env['HOLDFAST_TEST_CLOCK'] ?? '';
const clock = { ...systemClock, ...openLeapingClock(systemClock, file) };
const channel = findParentChannel();
const sealer = createParentSealer(channel.send, clock);

await startAgent({
  dataFolder: dataFolder(),
  clock,
  random: systemRandom,
  workers: {
    source: sourceWorkerUrl,
    compute: new URL('../../electron/engine/pipeline/compute-worker.ts', import.meta.url),
  },
  app: 'holdfast on a moved clock',
  secrets: {
    given: async () => readGivenSecret(null, variables),
    // The system's own keychain is not a test's to write to.
    store: async () => {
      const sealing = { dataFolder: dataFolder(), sealer, writeDurably };
      return openSecretStore([async () => openSafeStorageStore(sealing)]);
    },
    ask: null,
  },
  channel,
  hearAnswer: sealer.hear,
});
