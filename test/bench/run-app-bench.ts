/**
 * Measures what an owner feels of the app after years: how fast long lists open, and what it costs while nothing happens.
 *
 *   npm run bench:app -- [--points N] [--runs N] [--rounds N] [--seconds N]
 *
 * Needs Linux and a chromium. Making 2,000 restore points takes minutes. Prints Markdown.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runTool } from '../support/run-tool.ts';
import { medianOf } from './bench-table.ts';
import { forkAgent } from './forked-agent.ts';
import { measureIdle, type IdleCost } from './idle-cost.ts';
import { openLongUsedOffice, type LongUsedOffice } from './long-used-office.ts';
import { describeLoad, describeMachine } from './machine-facts.ts';
import { measureWindow } from './window-times.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const { values: options } = parseArgs({
  options: {
    points: { type: 'string', default: '2000' },
    runs: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '60' },
  },
});
const [points, runs] = [Number(options.points), Number(options.runs)];
const [rounds, seconds] = [Number(options.rounds), Number(options.seconds)];

/** After its start the agent looks for what is due; after work its threads end when nothing came for 20 seconds. */
const SETTLE_MS = 30_000;
const DUE_MS = 1000;
const DUE_CPU_SHARE = 0.005;
const DUE_BYTES = 120_000_000;

async function buildApp(): Promise<void> {
  for (const config of ['vite.config.ts', 'vite.preload.config.ts', 'vite.renderer.config.ts']) {
    const build = ['vite', 'build', '-c', config, '--logLevel', 'warn'] as const;
    const { exitCode, output } = await runTool(root, build);
    if (exitCode !== 0) throw new Error(`the build failed\n${output}`);
  }
}

/** As it sits in the tray after sign-in, and after it has worked. */
async function measureAgent(
  office: LongUsedOffice,
): Promise<{ readonly fresh: IdleCost; readonly worked: IdleCost }> {
  await using agent = forkAgent(office.env);
  await agent.call('overview', {});
  await pause(SETTLE_MS);
  const fresh = await measureIdle(agent.pid, seconds);
  await agent.call('runPlan', { plan: office.plan });
  await agent.call('timeline', { plan: office.plan });
  await pause(SETTLE_MS);
  return { fresh, worked: await measureIdle(agent.pid, seconds) };
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const verdict = (isMet: boolean): string => (isMet ? 'met' : 'MISSED');

function describeTimes(what: string, times: readonly number[]): string {
  const median = medianOf(times);
  const range = `${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))} ms`;
  return row([what, '< 1 s', `${Math.round(median)} ms (${range})`, verdict(median < DUE_MS)]);
}

function describeIdle(what: string, cost: IdleCost): readonly string[] {
  const share = cost.cpuSeconds / cost.seconds;
  const megabytes = (cost.residentBytes / 1_000_000).toFixed(0);
  const cpu = `${(share * 100).toFixed(2)} % (${cost.cpuSeconds.toFixed(2)} s in ${cost.seconds.toFixed(0)} s)`;
  return [
    row([`${what}, processor`, '< 0.5 %', cpu, verdict(share < DUE_CPU_SHARE)]),
    row([
      `${what}, memory`,
      '< 120 MB',
      `${megabytes} MB`,
      verdict(cost.residentBytes < DUE_BYTES),
    ]),
  ];
}

await buildApp();
// What is measured is read from the page cache; in memory the office is made in a tenth of the time.
const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const folder = mkdtempSync(join(parent, 'holdfast-app-bench-'));
try {
  const office = await openLongUsedOffice(folder, { points, runs });
  const loadBefore = describeLoad(1);
  const { fresh, worked } = await measureAgent(office);
  const window = await measureWindow(office, rounds);
  console.log(
    [
      `${runs} runs, ${points} restore points. ${describeMachine(folder)}.`,
      `Before: ${loadBefore}. After: ${describeLoad(2)}.`,
      '',
      row(['measure', 'due', 'measured', 'verdict']),
      row(['---', '---', '---', '---']),
      describeTimes(`history, median of ${rounds}`, window.historyMs),
      describeTimes(`restore points, median of ${rounds}`, window.timelineMs),
      row([
        'restore points, first time (opens the vault)',
        '',
        `${Math.round(window.firstTimelineMs)} ms`,
        '',
      ]),
      ...describeIdle('agent after its start', fresh),
      ...describeIdle('agent after a backup', worked),
    ].join('\n'),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
