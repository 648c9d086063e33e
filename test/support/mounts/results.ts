/**
 * What came of each trial when it was last run: kept in the repository, shown as a table in README. Each trial writes its own
 * part below .build, with the commit that it was run on; the runner (run-mounts.ts) puts them in the place of older ones.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const partsFolder = join(root, '.build/mounts-results');
export const lastResultPath = join(root, 'test/mounts/last-result.json');

const partSchema = z.strictObject({
  /** Of file systems: name; of faults: what was done. */
  name: z.string(),
  kind: z.enum(['file-system', 'fault']),
  title: z.string(),
  result: z.enum(['passed', 'failed', 'skipped']),
  /** Short facts, in the order in which they are shown. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Day of the run, its commit (with `+` where the tree differed from it) and seed. */
  date: z.string(),
  commit: z.string(),
  seed: z.int(),
});
export type ResultPart = z.infer<typeof partSchema>;

export const lastResultSchema = z.strictObject({ machine: z.string(), parts: z.array(partSchema) });
export type LastResult = z.infer<typeof lastResultSchema>;

/** Runs one trial and writes down what came of it, whether it passed or not. */
export async function recordTrial(
  part: Pick<ResultPart, 'name' | 'kind' | 'title'>,
  trial: (note: (facts: ResultPart['facts']) => void) => Promise<void>,
): Promise<void> {
  let facts: ResultPart['facts'] = {};
  const note = (more: ResultPart['facts']): void => void (facts = { ...facts, ...more });
  const startedMs = performance.now();
  const write = async (result: ResultPart['result']): Promise<void> => {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    await writePart({ ...part, result, facts: { ...facts, seconds } });
  };
  try {
    await trial(note);
    await write('passed');
  } catch (error) {
    await write('failed');
    throw error;
  }
}

/** Stamped with what was run. */
export async function writePart(part: Omit<ResultPart, 'date' | 'commit' | 'seed'>): Promise<void> {
  const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
  const stamped: ResultPart = {
    ...part,
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD') + (isChanged ? '+' : ''),
    seed: Number(process.env['HOLDFAST_SEED'] ?? 1),
  };
  await mkdir(partsFolder, { recursive: true });
  await writeFile(join(partsFolder, `${part.kind}-${part.name}.json`), JSON.stringify(stamped));
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}

/** Forgets the parts of an earlier run. */
export async function clearParts(): Promise<void> {
  await rm(partsFolder, { recursive: true, force: true });
}

/** By kind and name. */
export async function readParts(): Promise<readonly ResultPart[]> {
  const names: readonly string[] = await readdir(partsFolder).catch(() => []);
  return Promise.all(
    [...names]
      .sort()
      .map(async (name) =>
        partSchema.parse(JSON.parse(await readFile(join(partsFolder, name), 'utf8'))),
      ),
  );
}
