/**
 * `npm run test:mounts`: the product on real file systems and under real faults of shares, disks and power. Installs what it
 * needs when it may, says what it skips and why, and writes what came of it to last-result.json and README.
 * Names of test files run only these, and leave the results of the others as they are.
 */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileSystems } from './mounts/file-systems.ts';
import { missingFor, mountPackages } from './mounts/mount-needs.ts';
import { sharePackages } from './shares/share-needs.ts';
import { putIntoReadme } from './mounts/result-table.ts';
import {
  clearParts,
  lastResultPath,
  lastResultSchema,
  readParts,
  writePart,
} from './mounts/results.ts';
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

/** New parts take the place of older ones of the same name; what was skipped here may have been tried elsewhere. */
async function keepResults(): Promise<void> {
  const known = await readFile(lastResultPath, 'utf8').then(
    (text) => lastResultSchema.parse(JSON.parse(text)).parts,
    () => [],
  );
  const parts = new Map(known.map((part) => [part.name, part]));
  for (const part of await readParts()) {
    if (part.result !== 'skipped' || !parts.has(part.name)) parts.set(part.name, part);
  }
  const place = ({ name }: ResultPart): number => (order.indexOf(name) + 1 || order.length) - 1;
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const result: LastResult = {
    machine: `Linux ${release().split('-')[0]}, ${cpus().length} processors, ${gibibytes} GiB`,
    parts: [...parts.values()].toSorted((one, other) => place(one) - place(other)),
  };
  await writeFile(lastResultPath, `${JSON.stringify(result, null, 2)}\n`);
  const readme = await readFile(readmePath, 'utf8');
  await writeFile(readmePath, putIntoReadme(readme, result));
}

async function main(files: readonly string[]): Promise<void> {
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
  await keepResults();
  process.exitCode = status ?? 1;
}

await main(process.argv.slice(2));
