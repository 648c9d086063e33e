/**
 * `npm run test:large`: data larger than memory. A database of 8 GiB, 200,000 files, a sparse file of 100 GiB, each backed up and
 * brought back; takes an hour and 40 GB of the temporary folder. HOLDFAST_LARGE=0.02 makes everything smaller. Names of
 * test files run only these and add to what is there. Runs at full size are written to test/large/last-result.json.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clearSteps, readSteps, scale } from './large/step-results.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

async function keepResult(): Promise<void> {
  const result = {
    commit: git('rev-parse', '--short', 'HEAD'),
    /** True: the tree differed from the commit. */
    isChanged: git('status', '--porcelain', '--untracked-files=no') !== '',
    date: new Date().toISOString().slice(0, 10),
    scale,
    machine: `Linux ${release().split('-')[0]}, ${cpus().length} processors, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    steps: await readSteps(),
  };
  const path = join(root, 'test/large/last-result.json');
  await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
}

async function main(files: readonly string[]): Promise<void> {
  if (files.length === 0) await clearSteps();
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--project=large', '--reporter=verbose', '--no-file-parallelism'];
  const { status } = spawnSync(process.execPath, [vitest, ...args, ...files], {
    cwd: root,
    stdio: 'inherit',
  });
  if (scale === 1) await keepResult();
  process.exitCode = status ?? 1;
}

await main(process.argv.slice(2));
