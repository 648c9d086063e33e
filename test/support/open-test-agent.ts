/** The agent's parts in this process: a real engine and handlers on a clock turned by hand, a keychain in memory. Ends with the test. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openEngine, type Engine } from '../../electron/jobs/engine.ts';
import { createAgentHandlers } from '../../electron/service/agent-handlers.ts';
import {
  openAgentParts,
  stopAgentParts,
  type AgentParts,
} from '../../electron/service/agent-parts.ts';
import { serveCalls } from '../../electron/service/serve-calls.ts';
import type {
  AgentCallName,
  AppEvent,
  CallOutput,
  CallRequest,
} from '../../shared/ipc/contract.ts';
import type { Reply } from '../../shared/ipc/messages.ts';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Notice } from '../../shared/model/notice.ts';
import type { Progress } from '../../shared/model/progress.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { createMemoryKeychain, type MemoryKeychain } from './memory-keychain.ts';
import { TEST_SCRYPT_N } from './test-engine.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const computeWorkerUrl = new URL(
  '../../electron/engine/pipeline/compute-worker.ts',
  import.meta.url,
);

export interface TestAgentOptions {
  /** Default: a hand clock at 5 January 2026, 08:00 UTC. */
  readonly clock?: HandClock;
  /** Default: below a new temporary folder. */
  readonly dataFolder?: string;
  /** Default: an empty one, open. */
  readonly keychain?: MemoryKeychain;
}

export interface TestAgent extends AsyncDisposable {
  readonly parts: AgentParts;
  readonly engine: Engine;
  readonly clock: HandClock;
  /** For the test's own files; removed after it. */
  readonly folder: string;
  readonly keychain: MemoryKeychain;
  /** All that was emitted. */
  readonly events: AppEvent[];
  /** All that the engine said. */
  readonly said: Notice[];
  /** As another process would: parsed by the contract, failures thrown as BackupErrors; short sleeps take no time. */
  call<N extends AgentCallName>(
    name: N,
    input: CallRequest<N>,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: Progress) => void },
  ): Promise<CallOutput<N>>;
  /** Ends every thread and closes every file; what it stored stays for the next one. */
  close(): Promise<void>;
}

/** Call inside a test. */
export async function openTestAgent(options: TestAgentOptions = {}): Promise<TestAgent> {
  const folder = await makeTemporaryFolder();
  const clock = options.clock ?? createHandClock();
  const keychain = options.keychain ?? createMemoryKeychain();
  const events: AppEvent[] = [];
  const said: Notice[] = [];
  const emit = (event: AppEvent): void => void events.push(event);
  const engine = openEngine({
    dataFolder: options.dataFolder ?? join(folder, 'data'),
    clock,
    random: randomBytes,
    workers: { source: sourceWorkerUrl, compute: computeWorkerUrl },
    app: 'test',
    secrets: { given: async () => null, store: async () => keychain, ask: null },
    notify: (notice) => void said.push(notice),
    scryptN: TEST_SCRYPT_N,
  });
  const parts = await openAgentParts(engine, emit);
  const { call, end } = serveInProcess(parts);
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> =>
    (closing ??= clock
      .drive(stopAgentParts(parts).then(end))
      .then(async () => engine[Symbol.asyncDispose]()));
  onTestFinished(close);
  return {
    parts,
    engine,
    clock,
    folder,
    keychain,
    events,
    said,
    call: async (name, input, callOptions) => clock.drive(call(name, input, callOptions)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Waiting {
  readonly settle: (reply: Reply) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** The agent's call server with this process at both ends. */
function serveInProcess(parts: AgentParts): {
  readonly call: TestAgent['call'];
  readonly end: () => Promise<void>;
} {
  const waiting = new Map<number, Waiting>();
  const server = serveCalls(
    createAgentHandlers(parts, () => undefined),
    (response) => {
      if (response.kind === 'progress') waiting.get(response.id)?.onProgress?.(response.progress);
      if (response.kind === 'reply') waiting.get(response.id)?.settle(response.reply);
    },
  );
  let lastId = 0;
  return {
    end: async () => server.cancelAll(),
    call: async (name, input, { signal, onProgress } = {}) => {
      const id = ++lastId;
      const reply = new Promise<Reply>((settle) => waiting.set(id, { settle, onProgress }));
      signal?.addEventListener('abort', () => server.receive({ kind: 'cancel', id }));
      server.receive({ kind: 'call', id, name, input });
      const answer = await reply;
      if (!answer.ok) throw new BackupError(answer.failure);
      // The handlers answer by the same contract.
      return answer.value as CallOutput<typeof name>;
    },
  };
}
