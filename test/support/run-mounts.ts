/**
 * `npm run test:mounts`: the product on real file systems and under real faults of shares, disks and power. Installs what it
 * needs when it may, says what it skips and why, and writes what came of a whole run to last-result.json and README.
 * Names of test files run only these, and leave the last result alone.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileSystems } from './mounts/file-systems.ts';
import { missingFor, mountPackages } from './mounts/mount-needs.ts';
import { sharePackages } from './shares/share-needs.ts';
import { putIntoReadme } from './mounts/result-table.ts';
import { clearParts, lastResultPath, readParts, writePart } from './mounts/results.ts';
import type { LastResult, ResultPart } from './mounts/results.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readmePath = join(root, 'README.md');
/** The order in which README shows them. */
const faults = ['full', 'frozen', 'gone', 'two', 'power', 'server-power'];
const order: readonly string[] = [...fileSystems.map(({ name }) => name), ...faults];

function installPackages(): void {
  if (process.platform !== 'linux') return;
  const script = fileURLToPath(new URL('./install-debian-packages.sh', import.meta.url));
  spawnSync('bash', [script, ...mountPackages, ...sharePackages], { stdio: 'inherit' });
}

/** What this machine cannot do is part of the result. */
async function saySkips(): Promise<void> {
  for (const { name, title, where, needs } of fileSystems) {
    const missing = missingFor(where, needs);
    if (missing.length === 0) continue;
    const reason = missing.join(', ');
    console.log(`skipped: ${title} (${reason})`);
    await writePart({ kind: 'file-system', name, title, result: 'skipped', facts: { reason } });
  }
  const missing = missingFor('guest', ['smbd', 'mount.cifs', 'mkfs.ext4']);
  if (missing.length > 0) console.log(`skipped: faults and power cuts (${missing.join(', ')})`);
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}

async function keepResult(seconds: number, seed: number): Promise<void> {
  const parts: readonly ResultPart[] = await readParts();
  const place = ({ name }: ResultPart): number => (order.indexOf(name) + 1 || order.length) - 1;
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const result: LastResult = {
    commit: git('rev-parse', '--short', 'HEAD'),
    isChanged: git('status', '--porcelain', '--untracked-files=no') !== '',
    date: new Date().toISOString().slice(0, 10),
    seconds: Math.round(seconds),
    seed,
    machine: `Linux ${release().split('-')[0]}, ${cpus().length} processors, ${gibibytes} GiB`,
    parts: parts.toSorted((one, other) => place(one) - place(other)),
  };
  await writeFile(lastResultPath, `${JSON.stringify(result, null, 2)}\n`);
  const readme = await readFile(readmePath, 'utf8');
  await writeFile(readmePath, putIntoReadme(readme, result));
}

async function main(files: readonly string[]): Promise<void> {
  const startedMs = performance.now();
  process.env['HOLDFAST_SEED'] ??= '1';
  console.log(`HOLDFAST_SEED=${process.env['HOLDFAST_SEED']} (set it to repeat this run)`);
  installPackages();
  await clearParts();
  await saySkips();
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--project=mounts', '--reporter=verbose', ...files],
    { cwd: root, stdio: 'inherit' },
  );
  const seconds = (performance.now() - startedMs) / 1000;
  if (files.length === 0) await keepResult(seconds, Number(process.env['HOLDFAST_SEED']));
  process.exitCode = status ?? 1;
}

await main(process.argv.slice(2));
