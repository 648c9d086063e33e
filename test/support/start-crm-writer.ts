/** Starts the CRM writer as a second process and talks to it: what tests and the demo hold open beside their backups. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CrmSum, CrmTotals, CrmWriterEvent } from './crm-writer-events.ts';

export type CrmWriter = AsyncDisposable & {
  readonly pid: number;
  /** What the writer's own connection sees at this moment. */
  sum(): Promise<CrmSum & CrmTotals>;
  /** Resolves when no further transaction will begin; the database stays open. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends it in good order and gives the number of its transactions; throws if it ended badly. */
  stop(): Promise<number>;
};

const program = fileURLToPath(new URL('./crm-writer.ts', import.meta.url));

/** Resolves once the writer has the database open. */
export async function startCrmWriter(
  path: string,
  { rate = 20, seed = 1 }: { readonly rate?: number; readonly seed?: number } = {},
): Promise<CrmWriter> {
  const child = spawn(process.execPath, [program, path, '--rate', `${rate}`, '--seed', `${seed}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const complaints: Buffer[] = [];
  let isOver: Error | null = null;
  // A writer that was killed is told of by `ended`, not by the pipe to it.
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (part: Buffer) => complaints.push(part));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const waiting = new Map<
    string,
    { resolve(event: CrmWriterEvent): void; reject(error: Error): void }
  >();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as CrmWriterEvent;
    waiting.get(event.event)?.resolve(event);
    waiting.delete(event.event);
  });
  const ended = closed.then(([code, signal]) => {
    const error = new Error(
      `the writer ended (${code ?? signal}): ${Buffer.concat(complaints).toString()}`,
    );
    isOver = error;
    waiting.forEach(({ reject }) => reject(error));
    return { code, error };
  });
  const next = <Name extends CrmWriterEvent['event']>(name: Name) =>
    new Promise<CrmWriterEvent & { event: Name }>((resolve, reject) => {
      if (isOver !== null) reject(isOver);
      else waiting.set(name, { resolve: resolve as (event: CrmWriterEvent) => void, reject });
    });
  const ask = <Name extends CrmWriterEvent['event']>(command: string, answer: Name) => {
    const reply = next(answer);
    child.stdin.write(`${command}\n`);
    return reply;
  };

  const stop = async (): Promise<number> => {
    const last = next('stopped');
    child.kill('SIGTERM');
    const { transactions } = await last;
    const { code, error } = await ended;
    if (code !== 0) throw error;
    return transactions;
  };
  await next('ready');
  return {
    pid: child.pid ?? 0,
    sum: () => ask('sum', 'sum'),
    pause: async () => void (await ask('pause', 'paused')),
    resume: async () => void (await ask('resume', 'resumed')),
    stop,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await closed;
    },
  };
}
