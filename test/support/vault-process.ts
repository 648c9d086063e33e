/**
 * A process of its own that works on a vault: what two processes do to each other, and what a killed one leaves.
 * Takes one task as JSON, says in JSON lines what it reached. `startVaultProcess` starts it and waits for its words.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { runBackup } from '../../electron/engine/backup/run-backup.ts';
import { createComputePool } from '../../electron/engine/pipeline/compute-pool.ts';
import { openSourceHost } from '../../electron/engine/sources/source-host.ts';
import { createFaultyStorage } from '../../electron/engine/storage/faulty-storage.ts';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { takeLease } from '../../electron/engine/vault/lease.ts';
import { createVault, openVault } from '../../electron/engine/vault/open-vault.ts';
import { readProcessIdentity } from '../../electron/engine/vault/process-identity.ts';
import type { Vault } from '../../electron/engine/vault/vault.ts';
import { isSound, verifyVault } from '../../electron/engine/verify/verify-vault.ts';
import { failureOf } from '../../shared/model/backup-error.ts';
import { realClock } from './test-clock.ts';

const taskSchema = z.strictObject({
  /** `fill` makes the vault itself and backs up in full until the disk is full, then checks what is there. */
  do: z.enum(['hold', 'backup', 'fill']),
  place: z.string(),
  passphrase: z.string(),
  cacheFolder: z.string().default(''),
  sources: z.array(z.string()).default([]),
  /** Kills itself with SIGKILL at this mutation of the storage; 0 = never. */
  killAtMutation: z.int().default(0),
  /** Freezes itself with SIGSTOP before it publishes a manifest. */
  freezeBeforeManifest: z.boolean().default(false),
});
export type VaultTask = z.input<typeof taskSchema>;

const eventSchema = z.object({
  event: z.enum(['opened', 'held', 'frozen', 'done', 'failed']),
  code: z.string().optional(),
  point: z.string().optional(),
  points: z.int().optional(),
  isSound: z.boolean().optional(),
});
export type VaultEvent = z.infer<typeof eventSchema>;

export interface VaultProcess {
  readonly child: ChildProcess;
  /** The next event; throws when the process ends instead. */
  next(): Promise<VaultEvent>;
  /** Resolves when it has ended, with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/** Is ended with the test. `under` is put before the program, e.g. `strace -f ...`. */
export function startVaultProcess(task: VaultTask, under: readonly string[] = []): VaultProcess {
  const own = [process.execPath, fileURLToPath(import.meta.url), JSON.stringify(task)];
  const [program = '', ...args] = [...under, ...own];
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    // One thread for files: "the third rename" then means one thing.
    env: { ...process.env, ...(under.length > 0 ? { UV_THREADPOOL_SIZE: '1' } : {}) },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close').then(([, signal]) => signal as NodeJS.Signals | null);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    ended,
    async next() {
      const line = await lines.next();
      if (line.done === true) throw new Error('the process ended');
      return eventSchema.parse(JSON.parse(line.value));
    },
  };
}

const say = (event: VaultEvent): void => void process.stdout.write(`${JSON.stringify(event)}\n`);

async function runTask(task: z.output<typeof taskSchema>): Promise<void> {
  const folder = await openFolderStorage({ root: task.place, ...surroundings });
  if (task.do === 'fill') return fillDisk(task, folder);
  const storage = withAccidents(folder, task);
  const secret = { kind: 'passphrase', passphrase: task.passphrase } as const;
  const vault = await openVault(storage, secret, surroundings, ignore);
  say({ event: 'opened' });
  if (task.do === 'hold') {
    await takeLease(vault, {
      purpose: 'test',
      owner: readProcessIdentity(),
      report: ignore,
      waitMs: 0,
    });
    say({ event: 'held' });
    setInterval(() => undefined, 1000);
    return;
  }
  await using machines = await startMachines();
  const { point } = await backUp(task, vault, machines, 'auto');
  say({ event: 'done', point: point.id });
}

const surroundings = { clock: realClock, random: randomBytes };
const ignore = (): void => undefined;

async function startMachines() {
  const url = (path: string) => new URL(`../../electron/engine/${path}`, import.meta.url);
  const workerUrl = url('sources/source-worker.ts');
  const host = await openSourceHost({ workerUrl, clock: realClock });
  const pool = createComputePool(url('pipeline/compute-worker.ts'));
  const end = async (): Promise<void> => {
    await host[Symbol.asyncDispose]();
    await pool[Symbol.asyncDispose]();
  };
  return { host, pool, [Symbol.asyncDispose]: end };
}

async function backUp(
  task: z.output<typeof taskSchema>,
  vault: Vault,
  { host, pool }: Awaited<ReturnType<typeof startMachines>>,
  kind: 'auto' | 'full',
) {
  return runBackup({
    vault,
    host,
    pool,
    owner: readProcessIdentity(),
    kind,
    planId: null,
    app: 'test',
    cacheFolder: task.cacheFolder,
    forceScan: false,
    onProgress: ignore,
    report: ignore,
    signal: new AbortController().signal,
    sources: task.sources.map((path) => ({ path, id: null, name: null })),
  });
}

async function fillDisk(task: z.output<typeof taskSchema>, storage: Storage): Promise<void> {
  const wish = { passphrase: task.passphrase, scryptN: 2 ** 14 };
  const { vault } = await createVault(storage, wish, surroundings);
  await using machines = await startMachines();
  let points = 0;
  let code: string | null = null;
  while (code === null) {
    try {
      await backUp(task, vault, machines, 'full');
      points += 1;
    } catch (error) {
      code = failureOf(error).code;
    }
  }
  const { pool } = machines;
  const signal = new AbortController().signal;
  const report = await verifyVault({ vault, pool, depth: 'data', onProgress: ignore, signal });
  const isWhole = isSound(report) && report.points === points;
  say({ event: 'done', code, points, isSound: isWhole });
}

function withAccidents(storage: Storage, task: z.output<typeof taskSchema>): Storage {
  const { killAtMutation: mutation, freezeBeforeManifest } = task;
  const freeze = async (): Promise<void> => {
    say({ event: 'frozen' });
    await realClock.sleep(50); // the line has to be out before the process stands still
    process.kill(process.pid, 'SIGSTOP');
  };
  let frozen: Promise<void> | null = null;
  const freezing: Storage = {
    ...storage,
    async put(name, bytes) {
      if (freezeBeforeManifest && name.startsWith('points/')) await (frozen ??= freeze());
      await storage.put(name, bytes);
    },
  };
  if (mutation === 0) return freezing;
  return createFaultyStorage(freezing, [{ kind: 'stop', at: 'before', mutation }], () => {
    process.kill(process.pid, 'SIGKILL');
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const task = taskSchema.parse(JSON.parse(process.argv[2] ?? ''));
  try {
    await runTask(task);
  } catch (error) {
    say({ event: 'failed', code: failureOf(error).code });
    process.exitCode = 1;
  }
}
