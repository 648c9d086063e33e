/**
 * Measures Holdfast against restic and borg on the same file, the same disk and in turn.
 *
 *   npm run bench -- [--rounds N] [--tools holdfast,restic,borg,borg-lz4] [--quick | --large] [--seed N]
 *
 * `--alone` adds what no peer has: increments guided by the write-ahead log in the agent, and a listing of `--points` restore points.
 * `--quick` takes 64 MiB: to see that everything works, not for figures. `--large` takes 8 GiB, for memory and growth.
 * Prints Markdown; the figures of all rounds go to .build/bench/.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runTool } from '../support/run-tool.ts';
import { prepareBenchData, type BenchData } from './bench-data.ts';
import { formatMedians, formatVerdicts, judge, type Rounds } from './bench-table.ts';
import { createBorg } from './borg.ts';
import { measureGuided, measureListing } from './holdfast-alone.ts';
import { openAgentSession } from './holdfast-agent.ts';
import { holdfast } from './holdfast.ts';
import { describeLoad, describeMachine } from './machine-facts.ts';
import { restic } from './restic.ts';
import { runRound, type Round } from './run-round.ts';
import type { Tool } from './tool.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const gibibyte = 2 ** 30;
const known: readonly Tool[] = [
  holdfast,
  restic,
  createBorg('borg', 'zstd,3'),
  createBorg('borg-lz4', 'lz4'),
];

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    tools: { type: 'string', default: 'holdfast,restic,borg' },
    seed: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    alone: { type: 'boolean', default: false },
    points: { type: 'string', default: '10000' },
  },
});

function chooseTools(): readonly Tool[] {
  return options.tools.split(',').map((name) => {
    const tool = known.find((each) => each.name === name);
    if (tool === undefined) throw new Error(`unknown tool: ${name}`);
    return tool;
  });
}

/** Installs what is missing where it may; without it there is nothing to compare with. */
function installPeers(): void {
  const script = fileURLToPath(new URL('../support/install-debian-packages.sh', import.meta.url));
  const packages = ['restic', 'borgbackup', 'time'];
  const { status, stdout } = spawnSync('bash', [script, ...packages], { encoding: 'utf8' });
  if (stdout.trim() !== '') console.error(stdout.trim());
  if (status !== 0) throw new Error('the benchmark needs these Debian packages');
}

async function buildHoldfast(): Promise<void> {
  const { exitCode, output } = await runTool(root, ['vite', 'build', '--logLevel', 'warn']);
  if (exitCode !== 0) throw new Error(`the build failed\n${output}`);
}

/** Tools take turns, and each round another one begins: no tool always gets the disk as another one left it. */
async function runRounds(tools: readonly Tool[], data: BenchData, count: number): Promise<Rounds> {
  const rounds: Partial<Record<Tool['name'], Round[]>> = {};
  for (const { name } of tools) rounds[name] = [];
  for (let index = 0; index < count; index++) {
    for (let turn = 0; turn < tools.length; turn++) {
      const tool = tools[(index + turn) % tools.length] as Tool;
      console.error(`round ${index + 1} of ${count}: ${tool.name}`);
      rounds[tool.name]?.push(await runRound(tool, data));
    }
  }
  return rounds;
}

const sizeOf = (): number =>
  options.quick ? gibibyte / 16 : options.large ? 8 * gibibyte : gibibyte;

async function main(): Promise<void> {
  const tools = chooseTools();
  installPeers();
  if (tools.includes(holdfast)) await buildHoldfast();
  const data = prepareBenchData(sizeOf(), Number(options.seed));
  try {
    const machine = describeMachine(dirname(data.workPath));
    const versions = await Promise.all(tools.map(async (tool) => tool.version()));
    const pages = data.bytes / 4096;
    const share = ((data.changedPages.length / pages) * 100).toFixed(2);
    const loadBefore = describeLoad(0);
    const rounds = await runRounds(tools, data, Number(options.rounds));
    const verdicts = judge(rounds);
    const load = `before: ${loadBefore}; after: ${describeLoad(cpus().length)}`;
    console.log(`${machine}\n${versions.join(', ')}\n${load}\n`);
    console.log(
      `${data.bytes} bytes; the day changes ${data.changedPages.length} pages, ${share} %\n`,
    );
    console.log(formatMedians(rounds));
    if (verdicts.length > 0) console.log(`\n${formatVerdicts(verdicts)}`);
    const alone = options.alone ? await measureAlone(data) : null;
    writeResult({ machine, versions, load, bytes: data.bytes, rounds, verdicts, alone });
  } finally {
    rmSync(data.workPath, { force: true });
  }
}

async function measureAlone(data: BenchData): Promise<object> {
  console.error('increments guided by the write-ahead log');
  const guided = await measureGuided(openAgentSession, data);
  const ratio = guided.scannedSeconds / guided.guidedSeconds;
  console.log(
    `\nin the agent, ${guided.changedPages} changed pages: guided ${guided.guidedSeconds.toFixed(3)} s, scanned ${guided.scannedSeconds.toFixed(3)} s: 1/${ratio.toFixed(1)} (due 1/20)`,
  );
  console.error(`listing ${options.points} restore points`);
  const listing = await measureListing(
    openAgentSession,
    dirname(data.workPath),
    Number(options.points),
  );
  console.log(
    `listing ${listing.points} restore points: ${listing.seconds.toFixed(2)} s (due 1 s)`,
  );
  return { guided, listing };
}

function writeResult(result: object): void {
  const folder = join(root, '.build/bench');
  mkdirSync(folder, { recursive: true });
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  writeFileSync(join(folder, `${time}.json`), JSON.stringify(result, null, 2));
}

await main();
