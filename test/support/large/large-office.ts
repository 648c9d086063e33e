/**
 * A plan and the built agent as a process of its own. Each step is done with its peak of memory and its progress
 * on record; the figures go to last-result.json.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { CallName, CallOutput, CallRequest } from '../../../shared/ipc/contract.ts';
import { keepEverything } from '../../../shared/model/keep-rules.ts';
import type { PlanId } from '../../../shared/model/ids.ts';
import type { Phase, Progress } from '../../../shared/model/progress.ts';
import { forkAgent, type ForkedAgent } from '../../bench/forked-agent.ts';
import { readPeak, resetPeak } from './peak-memory.ts';
import { logProgress } from './progress-log.ts';
import { scale, writeStep } from './step-results.ts';

const passphrase = 'otter lantern violet harbor';
const DAY_MS = 24 * 3_600_000;
/** On a quiet machine a second; others may take most of this one. */
const LONGEST_SILENCE_SECONDS = Number(process.env['HOLDFAST_LARGE_SILENCE'] ?? 15);
const LONGEST_CANCEL_SECONDS = Number(process.env['HOLDFAST_LARGE_CANCEL'] ?? 20);

/** Smaller runs may come to the end of a phase before a cancel comes to them. */
const LONG_ENOUGH = 0.1;

export type StepDone<N extends CallName> = {
  readonly value: CallOutput<N>;
  readonly peakBytes: number;
};

export type LargeOffice = AsyncDisposable & {
  readonly agent: ForkedAgent;
  readonly plan: PlanId;
  readonly place: string;
  readonly env: Readonly<Record<string, string>>;
  /** Throws what the call throws, and when its progress was not as it should be. */
  step<N extends CallName>(name: string, call: N, input: CallRequest<N>): Promise<StepDone<N>>;
  /** Cancels once the phase has begun and `share` of its bytes are done; throws unless it ends as cancelled, soon. */
  cancelled<N extends CallName>(
    name: string,
    call: N,
    input: CallRequest<N>,
    when: { readonly phase: Phase; readonly share: number },
  ): Promise<void>;
};

/** `suite` names it in the results. */
export async function openLargeOffice(
  suite: string,
  folder: string,
  { sources, builtFolder }: { readonly sources: readonly string[]; readonly builtFolder: string },
): Promise<LargeOffice> {
  const place = join(folder, 'place');
  await mkdir(place, { recursive: true });
  const env = { HOLDFAST_PASSPHRASE: passphrase, HOLDFAST_DATA_DIR: join(folder, 'data') };
  const agent = forkAgent(env, builtFolder);
  const { plan } = await agent.call('protect', {
    name: 'Large',
    sources: [...sources],
    place,
    schedule: { kind: 'interval', everyMs: DAY_MS },
    keep: keepEverything,
    secret: { kind: 'passphrase', passphrase },
    remember: false,
  });
  // The schedule would make up for the first backup while something else is measured.
  await agent.call('pause', { plan: plan.id, untilMs: Date.now() + DAY_MS });
  return {
    agent,
    plan: plan.id,
    place: await findVault(place),
    env,
    async step(name, call, input) {
      const log = logProgress();
      resetPeak(agent.pid);
      const startedMs = performance.now();
      const value = await agent.call(call, input, { onProgress: log.onProgress });
      const endedMs = performance.now();
      const peakBytes = readPeak(agent.pid);
      const seconds = (endedMs - startedMs) / 1000;
      const phases = log.phases(endedMs);
      const [load = 0] = loadavg();
      await writeStep({ suite, name, seconds, peakBytes, load, phases: [...phases] });
      const complaints = log.complaints(endedMs, LONGEST_SILENCE_SECONDS);
      if (complaints.length > 0) throw new Error(`${name}: progress: ${complaints.join('; ')}`);
      return { value, peakBytes };
    },
    async cancelled(name, call, input, { phase, share }) {
      const stopping = new AbortController();
      let cancelledMs = 0;
      let last: Progress | null = null;
      const failure = await agent
        .call(call, input, {
          signal: stopping.signal,
          onProgress(progress) {
            const { phase: now, bytesDone, bytesTotal } = progress;
            last = progress;
            const isDue = now === phase && (share === 0 || bytesDone >= share * (bytesTotal ?? 1));
            if (!isDue || cancelledMs > 0) return;
            cancelledMs = performance.now();
            stopping.abort();
          },
        })
        .then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.cause : error),
        );
      const seconds = (performance.now() - cancelledMs) / 1000;
      if (cancelledMs === 0) throw new Error(`${name}: never came to ${phase}`);
      if ((failure as { code?: string } | null)?.code !== 'cancelled')
        throw new Error(`${name}: ended with ${JSON.stringify(failure)}, not as cancelled`);
      const [load = 0] = loadavg();
      await writeStep({ suite, name, seconds, peakBytes: null, load, phases: [] });
      if (share > 0 && scale >= LONG_ENOUGH) assertStopped(name, phase, last);
      if (seconds > LONGEST_CANCEL_SECONDS)
        throw new Error(`${name}: took ${seconds.toFixed(1)} s to stop`);
    },
    [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
  };
}

/** A phase that went on to its end has not heard anything, however soon that came. */
function assertStopped(name: string, phase: Phase, last: Progress | null): void {
  if (last === null) throw new Error(`${name}: not one report`);
  const { phase: end, bytesDone, bytesTotal } = last;
  if (end !== phase || (bytesTotal !== null && bytesDone > bytesTotal * 0.9))
    throw new Error(`${name}: went on until ${end}, ${bytesDone} of ${bytesTotal} bytes`);
}

/** The vault's folder is made in the place that was chosen. */
async function findVault(place: string): Promise<string> {
  const [name, ...others] = await readdir(place);
  if (name === undefined || others.length > 0) throw new Error('the place holds no single vault');
  return join(place, name);
}

/** Paths below `folder` that are half-made: temporary files of a place, scratch files of a restore or of a run. */
export async function listHalfMade(folder: string): Promise<readonly string[]> {
  const paths = await readdir(folder, { recursive: true }).catch(() => []);
  return paths.filter((path) =>
    /(?:^|[\\/])(?:\.holdfast-|\.?tmp-|folder-[0-9a-f]{32}-)|\.part$/u.test(path),
  );
}
