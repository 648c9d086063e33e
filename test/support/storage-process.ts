/**
 * A folder storage in a process of its own, for what one process cannot show: races, kills, system calls that fail,
 * mounts that only it sees. `runStorageProcess` runs steps there and returns what each of them gave.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { failureOf } from '../../shared/model/backup-error.ts';
import { createTestClock } from './test-clock.ts';

const stepSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.enum(['put', 'putExclusive']), name: z.string(), bytes: z.int() }),
  z.strictObject({ do: z.enum(['read', 'size', 'remove']), name: z.string() }),
  z.strictObject({ do: z.enum(['list', 'listTemporary', 'open', 'becomeNobody']) }),
  /** Gives the milliseconds that were waited for so far. */
  z.strictObject({ do: z.literal('slept') }),
  z.strictObject({ do: z.literal('shell'), command: z.string() }),
  /** Puts objects that prove themselves until it is killed. */
  z.strictObject({ do: z.literal('writeForEver') }),
  /** Takes the names leases/1..count, one every 12 ms from the time in a file on; gives those it won. */
  z.strictObject({ do: z.literal('race'), startFile: z.string(), count: z.int() }),
]);
const taskSchema = z.strictObject({
  root: z.string(),
  lacks: z.array(z.enum(['hardLinks', 'folderSync'])),
  steps: z.array(stepSchema),
});

export type StorageStep = z.infer<typeof stepSchema>;
type StorageTask = z.infer<typeof taskSchema>;
type Lack = StorageTask['lacks'][number];

export interface StorageProcessOptions {
  readonly root: string;
  readonly lacks?: readonly Lack[];
  /** Put before the program, e.g. `strace -f ...`. */
  readonly under?: readonly string[];
}

/** What each step gave, or `failed: <code>`. The storage is opened before the first step. */
export function runStorageProcess(
  options: StorageProcessOptions,
  steps: readonly StorageStep[],
): readonly unknown[] {
  const [program, ...args] = commandOf(options, steps);
  // One thread for files: "the second call" then means one thing.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const run = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000, env });
  if (run.status !== 0) throw new Error(`ended with ${run.status}: ${run.stderr}`);
  return z.array(z.unknown()).parse(JSON.parse(run.stdout));
}

/** The same, left running. */
export function startStorageProcess(
  options: StorageProcessOptions,
  steps: readonly StorageStep[],
): ChildProcess {
  const [program, ...args] = commandOf(options, steps);
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Content of a test object: its own digest first, so that half of it is recognised. */
export function makeProvingBytes(length: number): Buffer {
  const content = randomBytes(length - 32);
  return Buffer.concat([createHash('sha256').update(content).digest(), content]);
}

export function isProved(bytes: Buffer): boolean {
  return createHash('sha256').update(bytes.subarray(32)).digest().equals(bytes.subarray(0, 32));
}

function commandOf(
  { root, lacks = [], under = [] }: StorageProcessOptions,
  steps: readonly StorageStep[],
): [string, ...string[]] {
  const task = JSON.stringify({ root, lacks: [...lacks], steps: [...steps] } satisfies StorageTask);
  const own = [process.execPath, fileURLToPath(import.meta.url), task] as const;
  const [first, ...rest] = under;
  return first === undefined ? [...own] : [first, ...rest, ...own];
}

async function runTask({ root, lacks, steps }: StorageTask): Promise<unknown[]> {
  // Waiting for a blocked file takes no time here.
  const clock = createTestClock();
  const openStorage = async (): Promise<Storage> =>
    openFolderStorage({ root, lacks, clock, random: randomBytes });
  let storage = await openStorage();
  const results: unknown[] = [];
  for (const step of steps) {
    try {
      if (step.do === 'open') storage = await openStorage();
      results.push(step.do === 'slept' ? clock.sleptMs() : await runStep(storage, step));
    } catch (error) {
      results.push(`failed: ${failureOf(error).code}`);
    }
  }
  return results;
}

async function runStep(
  storage: Storage,
  step: Exclude<StorageStep, { do: 'slept' }>,
): Promise<unknown> {
  switch (step.do) {
    case 'put':
      await storage.put(step.name, Buffer.alloc(step.bytes, 'x'));
      return 'done';
    case 'putExclusive':
      return storage.putExclusive(step.name, Buffer.alloc(step.bytes, 'x'));
    case 'read':
      return (await storage.readWhole(step.name, 1 << 30)).length;
    case 'size':
      return storage.size(step.name);
    case 'remove':
      await storage.remove(step.name);
      return 'done';
    case 'list':
      return (await storage.list('')).map(({ name }) => name);
    case 'listTemporary':
      return (await storage.listTemporary()).length;
    case 'open':
      return 'done';
    case 'shell':
      return runShell(step.command);
    case 'becomeNobody':
      process.setgid?.(65534);
      process.setuid?.(65534);
      return 'done';
    case 'writeForEver':
      return writeForEver(storage);
    case 'race':
      return race(storage, step.startFile, step.count);
  }
}

function runShell(command: string): string {
  const run = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${command}: ${run.stderr}`);
  return 'done';
}

async function writeForEver(storage: Storage): Promise<never> {
  console.log('writing');
  for (let index = 0; ; index++) {
    await storage.put(`points/${process.pid}-${index}`, makeProvingBytes(3_000_000));
    const writer = await storage.startWriter(`packs/${process.pid}-${index}`, '1');
    const bytes = makeProvingBytes(2_000_000);
    for (let at = 0; at < bytes.length; at += 100_000) {
      await writer.write(bytes.subarray(at, at + 100_000));
    }
    await writer.publish();
  }
}

async function race(storage: Storage, startFile: string, count: number): Promise<number[]> {
  console.log('ready');
  while (!existsSync(startFile)) await new Promise(setImmediate);
  const startMs = Number(await readFile(startFile, 'utf8'));
  const won: number[] = [];
  for (let index = 1; index <= count; index++) {
    while (Date.now() < startMs + index * 12) await new Promise(setImmediate);
    const bytes = Buffer.from(`${process.pid}`);
    if (await storage.putExclusive(`leases/${index}`, bytes)) won.push(index);
  }
  return won;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const task = taskSchema.parse(JSON.parse(process.argv[2] ?? ''));
  console.log(JSON.stringify(await runTask(task)));
}
