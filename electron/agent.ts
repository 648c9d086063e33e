// The agent's entry: a process of its own that keeps vaults open between runs and never asks anybody. Started with a
// message channel to its parent; it ends when told to, and when the parent is gone.
import manifest from '../package.json' with { type: 'json' };
import { openEngine } from './jobs/engine.ts';
import { createJobBoard } from './jobs/job-board.ts';
import { createNoticeList } from './jobs/notice-list.ts';
import { openSettingsFile } from './jobs/settings-file.ts';
import { finishAllInterruptedRestores } from './jobs/finish-interrupted-restores.ts';
import { readGivenSecret, takeSecretVariables } from './jobs/given-secret.ts';
import { systemClock as clock, systemRandom as random } from './platform/system-clock.ts';
import { dataFolder } from './plans/data-folder.ts';
import { openKeychainStore } from './secrets/keychain-store.ts';
import { createPatientSecretStore } from './secrets/patient-secret-store.ts';
import { openSecretStore } from './secrets/secret-store.ts';
import { createAgentHandlers } from './service/agent-handlers.ts';
import { serveCalls } from './service/serve-calls.ts';
import type { AppEvent } from '../shared/ipc/contract.ts';
import type { Response } from '../shared/ipc/messages.ts';
import type { Notice } from '../shared/model/notice.ts';

const emit = (event: AppEvent): void => send({ kind: 'event', event });
const send = (response: Response): void => {
  if (process.connected) process.send?.(response);
};

const variables = takeSecretVariables(process.env);
const startedAtMs = clock.monotonicMs();
const engine = openEngine({
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
        await openSecretStore([async () => openKeychainStore({ clock })]),
        clock,
        startedAtMs,
      ),
    ask: null,
  },
  notify: (notice) => say(notice),
});
const notices = createNoticeList(
  () => Buffer.from(random(16)).toString('hex'),
  () => clock.nowMs(),
);

function say(notice: Notice): void {
  const said = notices.add({ planId: null, fact: { kind: 'said', notice }, opens: 'home' });
  if (said !== null) emit({ kind: 'notice', notice: said });
}

let isEnding = false;
async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await server.cancelAll();
  await engine[Symbol.asyncDispose]();
  if (process.connected) process.disconnect();
}

const server = serveCalls(
  createAgentHandlers(
    {
      engine,
      board: createJobBoard(random, (jobs) => emit({ kind: 'jobs', jobs })),
      settings: openSettingsFile(engine.dataFolder),
      notices,
      emit,
    },
    () => void end(),
  ),
  send,
);
// Calls wait for it: nothing may look at a half state.
const ready = finishAllInterruptedRestores(engine);
process.on('message', (message) => void ready.then(() => server.receive(message)));
process.on('disconnect', () => void end());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());
