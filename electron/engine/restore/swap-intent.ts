// Several files in the place of several others: an intent file beside them says what is to be done, so that a crash in
// the middle is finished at the next start. Promise: every step can be done twice; the intent goes last.
// All files lie in one folder and are named by their names alone: an intent can do nothing outside of it.
import { lstat, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../../shared/model/clock.ts';
import { retryWhileBlocked } from '../storage/blocked-retry.ts';
import { syncFolder, syncName } from './place-file.ts';
import type { RestoreTools } from './restore-tools.ts';
import { onMissing } from './safe-target.ts';
import { scratchPath } from './scratch-file.ts';

const INTENT = /^\.holdfast-swap-[0-9a-f]{16}\.json$/;
const name = z
  .string()
  .refine((text) => text !== '' && text !== '.' && text !== '..' && !/[/\\\0]/u.test(text));
const intentSchema = z.strictObject({
  format: z.literal('holdfast-swap'),
  version: z.literal(1),
  /** The file that all this is about. */
  target: name,
  removes: z.array(name),
  moves: z.array(z.tuple([name, name])),
});

export interface SwapIntent {
  /** Absolute path of the file that is replaced. */
  readonly target: string;
  /** Names of files that must not be there afterwards. */
  readonly removes: readonly string[];
  /** From a finished scratch file to its name; both in the target's folder. */
  readonly moves: readonly (readonly [from: string, to: string])[];
}

/** Writes the intent durably, then does it. What `assertStill` throws at the last moment prevents it. */
export async function runSwap(
  folder: string,
  intent: SwapIntent,
  { clock, random, owner }: Pick<RestoreTools, 'clock' | 'random' | 'owner'>,
  assertStill: () => Promise<void>,
): Promise<void> {
  const chance = Buffer.from(random(8)).toString('hex');
  const path = join(folder, `.holdfast-swap-${chance}.json`);
  const target = basename(intent.target);
  const text = JSON.stringify({ format: 'holdfast-swap', version: 1, ...intent, target });
  // Under another name first: an intent is whole or not there.
  const draft = scratchPath(folder, owner, random);
  await writeDraft(draft, text);
  try {
    await assertStill();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await retryWhileBlocked(clock, () => rename(draft, path));
  await syncFolder(folder);
  await finishSwap(folder, path, clock);
}

/** Closed when it resolves: not every system renames an open file. */
async function writeDraft(path: string, text: string): Promise<void> {
  await using handle = await open(path, 'wx', 0o600);
  await handle.writeFile(text);
  await handle.sync();
}

export interface InterruptedSwaps {
  /** Files that are what they should be now. */
  readonly finished: readonly string[];
  /** Files that somebody has open: their restore waits until that is closed. */
  readonly waiting: readonly string[];
  /** Names of files that waiting ones still need. */
  readonly needed: ReadonlySet<string>;
}

/** Finishes what a crash left half done in `folder`; before anything else touches the files there. */
export async function finishInterruptedSwaps(
  folder: string,
  clock: Clock,
  isHeld: (path: string) => Promise<boolean>,
): Promise<InterruptedSwaps> {
  const finished: string[] = [];
  const waiting: string[] = [];
  for (const file of await readdir(folder)) {
    if (!INTENT.test(file)) continue;
    const intent = await readIntent(join(folder, file));
    if (intent === null) continue;
    const target = join(folder, intent.target);
    if (await isHeld(target)) {
      waiting.push(target);
      continue;
    }
    await finishSwap(folder, join(folder, file), clock);
    finished.push(target);
  }
  return { finished, waiting, needed: await readNeededFiles(folder) };
}

/** Names of the files in `folder` that unfinished intents still have to move. */
export async function readNeededFiles(folder: string): Promise<ReadonlySet<string>> {
  const needed = new Set<string>();
  for (const file of await readdir(folder)) {
    const intent = INTENT.test(file) ? await readIntent(join(folder, file)) : null;
    for (const [from] of intent?.moves ?? []) needed.add(from);
  }
  return needed;
}

async function finishSwap(folder: string, path: string, clock: Clock): Promise<void> {
  const intent = await readIntent(path);
  if (intent === null) return;
  const { removes, moves } = intent;
  // Once the first file has its name, what lies beside it may already be its own.
  if (await areAllThere(folder, moves)) {
    for (const old of removes) {
      await retryWhileBlocked(clock, () => rm(join(folder, old), { force: true }));
    }
    await syncFolder(folder);
  }
  for (const [from, to] of moves) {
    if ((await lstat(join(folder, from)).catch(onMissing)) === null) continue;
    await retryWhileBlocked(clock, () => rename(join(folder, from), join(folder, to)));
    await syncName(join(folder, to));
    await syncFolder(folder);
  }
  await retryWhileBlocked(clock, () => rm(path, { force: true }));
  await syncFolder(folder);
}

async function areAllThere(
  folder: string,
  moves: readonly (readonly [from: string, to: string])[],
): Promise<boolean> {
  for (const [from] of moves) {
    if ((await lstat(join(folder, from)).catch(onMissing)) === null) return false;
  }
  return true;
}

/** Null for a foreign file of this name: it is left alone. */
async function readIntent(path: string): Promise<z.infer<typeof intentSchema> | null> {
  const text = await readFile(path, 'utf8').catch(onMissing);
  if (text === null) return null;
  try {
    return intentSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
