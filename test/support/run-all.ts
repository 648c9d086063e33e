/**
 * The one check: static checks, the build and every suite, in order, each with its seconds and counts. The last line is
 * the sum. `--no-install` leaves the machine as it is; `--deep` takes the limits off sampled tests; names of steps
 * (`types`, `unit`, ...) run only these.
 */
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAvailable } from './machine.ts';
import { prepareMachine } from './prepare-machine.ts';
import { runTool } from './run-tool.ts';
import { readSuiteReport, type Outcome } from './suite-report.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Of a run without `--deep` and without HOLDFAST_SEED. */
const USUAL_SEED = 1;
const reports = join(root, '.build/reports');

type Step = { readonly name: string; readonly run: () => Promise<Outcome & { seconds: number }> };

function check(name: string, command: readonly [string, ...string[]], packageName?: string): Step {
  return {
    name,
    async run() {
      const { exitCode, output, seconds } = await runTool(root, command, packageName);
      const failures = exitCode === 0 ? [] : [{ name, message: output }];
      return { passed: exitCode === 0 ? 1 : 0, failures, skips: [], seconds };
    },
  };
}

function suite(name: string): Step {
  return {
    name,
    async run() {
      const reportPath = join(reports, `${name}.json`);
      await rm(reportPath, { force: true });
      const { exitCode, output, seconds } = await runTool(root, [
        'vitest',
        'run',
        `--project=${name}`,
        '--passWithNoTests',
        // The report has no room for an error outside of all tests; this one tells it.
        '--reporter=dot',
        '--reporter=json',
        `--outputFile=${reportPath}`,
      ]);
      return { ...(await readOutcome(name, reportPath, exitCode, output)), seconds };
    },
  };
}

async function readOutcome(
  name: string,
  reportPath: string,
  exitCode: number,
  output: string,
): Promise<Outcome> {
  const failed = (message: string): Outcome => ({
    passed: 0,
    failures: [{ name, message }],
    skips: [],
  });
  if (!existsSync(reportPath)) return failed(`vitest wrote no report\n${output}`);
  const report: unknown = JSON.parse(await readFile(reportPath, 'utf8'));
  const outcome = readSuiteReport(report, { exitCode, output });
  const isEmpty = outcome.passed + outcome.failures.length + outcome.skips.length === 0;
  if (isEmpty && (await hasTestFiles(name))) return failed(`no test was run\n${output}`);
  return outcome;
}

async function hasTestFiles(name: string): Promise<boolean> {
  for await (const _ of glob(`test/${name}/**/*.test.{ts,tsx}`, { cwd: root })) return true;
  return false;
}

const steps: readonly Step[] = [
  check('types', ['tsc', '-b'], 'typescript'),
  check('lint', ['oxlint']),
  check('formatting', ['oxfmt', '--check']),
  check('knip', ['knip', '--no-progress']),
  check('build', ['vite', 'build', '--logLevel', 'warn']),
  check('preload', ['vite', 'build', '-c', 'vite.preload.config.ts', '--logLevel', 'warn']),
  check('window', ['vite', 'build', '-c', 'vite.renderer.config.ts', '--logLevel', 'warn']),
  ...['unit', 'conformance', 'format', 'integration', 'faults', 'ui', 'screens', 'e2e'].map(suite),
];

function countsOf({ passed, failures, skips }: Outcome): string {
  const skipped = skips.length === 0 ? '' : `, ${skips.length} skipped`;
  return `${passed} passed, ${failures.length} failed${skipped}`;
}

/** What these make is what the suites that follow try: none of them builds it again. */
const building = ['build', 'preload', 'window'];

async function runSteps(chosen: readonly Step[]): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const built = new Set<string>();
  for (const step of chosen) {
    const outcome = await step.run();
    outcomes.push(outcome);
    if (outcome.failures.length === 0) built.add(step.name);
    if (building.every((name) => built.has(name)))
      process.env['HOLDFAST_BUILT'] = join(root, 'dist');
    console.log(
      `${step.name.padEnd(12)} ${outcome.seconds.toFixed(1).padStart(7)} s   ${countsOf(outcome)}`,
    );
    for (const { name, message } of outcome.failures) {
      console.log(`\nFAILED ${step.name}: ${name}\n${message.trimEnd()}\n`);
    }
  }
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
    skips: outcomes.flatMap(({ skips }) => skips),
  };
}

/** What needs a browser says so and is left out; vitest.config.ts leaves out the same files. */
function withoutChromium(chosen: readonly Step[]): readonly Step[] {
  console.log('skipped: screens, and the app end to end: there is no Chromium here');
  return chosen.filter(({ name }) => name !== 'screens');
}

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((argument) => !argument.startsWith('--'));
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`unknown step: ${unknown.join(', ')}`);
  if (args.includes('--deep')) process.env['HOLDFAST_DEEP'] = '1';
  // The same commit gives the same result; what one seed does not find, the deep run's next one may.
  process.env['HOLDFAST_SEED'] ??= String(
    args.includes('--deep') ? randomInt(2 ** 31) : USUAL_SEED,
  );
  await mkdir(reports, { recursive: true });

  const seed = process.env['HOLDFAST_SEED'];
  console.log(`Node ${process.versions.node}, HOLDFAST_SEED=${seed} (set it to repeat this run)`);
  if (!args.includes('--no-install')) prepareMachine(root).forEach((line) => console.log(line));

  const chosen = names.length === 0 ? steps : steps.filter((step) => names.includes(step.name));
  const total = await runSteps(isAvailable('chromium') ? chosen : withoutChromium(chosen));
  for (const { name, reason } of total.skips) console.log(`skipped: ${name} (${reason})`);
  console.log(countsOf(total));
  process.exitCode = total.failures.length === 0 ? 0 : 1;
}

await main(process.argv.slice(2));
