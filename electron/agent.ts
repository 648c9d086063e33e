// The agent's entry: a process of its own that keeps vaults open between runs, keeps the schedule, and never asks
// anybody. Started with a message channel to its parent; it ends when told to, and when the parent is gone.
import manifest from '../package.json' with { type: 'json' };
import {
  readGivenSecret,
  readGivenSharePassword,
  takeSecretVariables,
} from './jobs/given-secret.ts';
import { keepYoungGenerationSmall } from './engine/pipeline/young-garbage.ts';
import { systemClock as clock, systemRandom as random } from './platform/system-clock.ts';
import { dataFolder } from './plans/data-folder.ts';
import { writeDurably } from './plans/durable-file.ts';
import { openKeychainStore } from './secrets/keychain-store.ts';
import { createPatientSecretStore } from './secrets/patient-secret-store.ts';
import { openSafeStorageStore } from './secrets/safe-storage-store.ts';
import { openSecretStore } from './secrets/secret-store.ts';
import { findParentChannel } from './service/parent-channel.ts';
import { createParentSealer } from './service/parent-sealer.ts';
import { startAgent } from './service/start-agent.ts';

keepYoungGenerationSmall();
const variables = takeSecretVariables(process.env);
const startedAtMs = clock.monotonicMs();
const channel = findParentChannel();
const sealer = createParentSealer(channel.send, clock);
const sealing = { dataFolder: dataFolder(), sealer, writeDurably };

await startAgent({
  dataFolder: dataFolder(),
  clock,
  random,
  workers: {
    source: new URL('./engine/sources/source-worker.ts', import.meta.url),
    compute: new URL('./engine/pipeline/compute-worker.ts', import.meta.url),
  },
  app: `holdfast ${manifest.version}`,
  secrets: {
    given: async () => readGivenSecret(null, variables),
    store: async () =>
      createPatientSecretStore(
        await openSecretStore([
          async () => openKeychainStore({ clock }),
          async () => openSafeStorageStore(sealing),
        ]),
        clock,
        startedAtMs,
      ),
    ask: null,
    shares: { given: async () => readGivenSharePassword(null, variables), ask: null },
  },
  channel,
  hearAnswer: sealer.hear,
});
