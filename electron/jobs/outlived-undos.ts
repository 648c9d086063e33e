// Whether the time of something that an undo may need is really over. The wall clock alone must not say so: one that is
// turned ahead by a month would take every undo at once. What is over is noted when that is seen first, and goes only
// when it was over for as long again, seen at a later look; a clock that was put right in between begins anew.
// So a wrong clock costs room on the disk, and it takes two jumps with a look between them to lose anything early.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../plans/durable-file.ts';
import type { Engine } from './engine.ts';
import { inTurn } from './in-turn.ts';

/** Files of the undo folder by name, restores by run. */
export type OutlivedKind = 'files' | 'runs';

const seenSchema = z.record(z.string(), z.int());
const fileSchema = z.object({ files: seenSchema, runs: seenSchema });
type FirstSeen = z.infer<typeof fileSchema>;

/** Of what is over by the clock now (`over`: all of this kind), what may go. */
export async function findOutlived(
  engine: Engine,
  kind: OutlivedKind,
  over: readonly string[],
  forMs: number,
): Promise<ReadonlySet<string>> {
  return inTurn(fileOf(engine), async () => note(engine, kind, over, forMs));
}

async function note(
  engine: Engine,
  kind: OutlivedKind,
  over: readonly string[],
  forMs: number,
): Promise<ReadonlySet<string>> {
  const nowMs = engine.clock.nowMs();
  const known = await readFirstSeen(engine);
  const own = Object.fromEntries(
    over.map((name) => [name, Math.min(known[kind][name] ?? nowMs, nowMs)]),
  );
  if (JSON.stringify(own) !== JSON.stringify(known[kind])) {
    // What cannot be noted stays a while longer.
    await writeFirstSeen(engine, { ...known, [kind]: own }).catch(() => undefined);
  }
  return new Set(over.filter((name) => nowMs - (own[name] ?? nowMs) >= forMs));
}

async function readFirstSeen(engine: Engine): Promise<FirstSeen> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(fileOf(engine), 'utf8')));
  } catch {
    return { files: {}, runs: {} }; // not there or not ours: everything is seen for the first time
  }
}

async function writeFirstSeen(engine: Engine, seen: FirstSeen): Promise<void> {
  await mkdir(engine.dataFolder, { recursive: true, mode: 0o700 });
  await writeDurably(fileOf(engine), `${JSON.stringify(seen, null, 2)}\n`);
}

const fileOf = (engine: Engine): string => join(engine.dataFolder, 'outlived-undos.json');
