/**
 * The engine and the command line on Windows: Node for Windows in Wine runs our own test files, and what they report is
 * judged here. Words behind `--` choose test files by a part of their path, `-t` tests by name; a run of all writes
 * `test/windows/last-result.md`.
 *
 *   npm run test:windows
 *   npm run test:windows -- sharing -t 'scanner'
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { lowerSource } from './lower-source.ts';
import { endWine, lendFolders, prepareWine, runInWine, toWindowsPath } from './wine.ts';
import { describeRun, judgeFile, type FileReport, type JudgedFile } from './windows-report.ts';
import { windowsSuites, type WindowsSuite } from './windows-suites.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const tree = join(root, '.build', 'windows');
const built = join(tree, 'built', 'electron');
const resultPath = join(root, 'test', 'windows', 'last-result.md');
/** More than the slowest file takes on two busy cores. */
const FILE_SECONDS = 1800;
/** They mostly wait: for a scanner, for a start of Wine. */
const AT_ONCE = 3;

/** Everything that tests write: in memory where it can be, for Wine is slow enough. */
const scratch = mkdtempSync(
  join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'holdfast-windows-'),
);

async function prepareTree(): Promise<void> {
  await rm(tree, { recursive: true, force: true });
  await mkdir(tree, { recursive: true });
  await lowerSource(root, tree);
  // The command line as it is shipped, but for the Node that it is built for.
  const options = { outDir: built, target: 'node22', emptyOutDir: true };
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: options,
  });
}

async function runFile(suite: WindowsSuite, pattern: string): Promise<JudgedFile> {
  const name = suite.file.replaceAll('/', '-');
  const result = join(scratch, `${name}.json`);
  const runner = join(tree, 'test', 'support', 'windows', 'run-test-file.ts');
  const paths = [runner, join(tree, suite.file), result].map(toWindowsPath);
  const { exitCode, output, seconds } = await runInWine(
    [...paths, pattern === '' ? (suite.only?.source ?? '') : pattern],
    join(scratch, `${name}.log`),
    FILE_SECONDS,
    environment(),
  );
  const report = await readReport(result);
  const judged = judgeFile(suite, report, seconds);
  const ending = exitCode === 0 ? [] : [`ended with ${exitCode}:\n${output.slice(-3000)}`];
  return { ...judged, failures: [...judged.failures, ...ending] };
}

function environment(): Readonly<Record<string, string>> {
  const vitest = join(root, 'node_modules', 'vitest', 'dist', 'index.js');
  const stacks = join(tree, 'test', 'support', 'windows', 'node-24-stacks.ts');
  return {
    HOLDFAST_VITEST: toWindowsUrl(vitest),
    HOLDFAST_WINDOWS_CLI: toWindowsPath(join(built, 'cli.js')),
    // Children and threads have it as well.
    NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${toWindowsUrl(stacks)}`,
  };
}

const toWindowsUrl = (path: string): string =>
  pathToFileURL(path).href.replace('file:///', 'file:///Z:/');

async function readReport(path: string): Promise<FileReport> {
  if (!existsSync(path)) return { isComplete: false, outcomes: [] };
  return JSON.parse(await readFile(path, 'utf8')) as FileReport;
}

function printFile({ file, passed, differing, skipped, failures, seconds }: JudgedFile): void {
  const rest = [
    [differing.length, 'differ'],
    [skipped.length, 'skipped'],
    [failures.length, 'FAILED'],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`, ${count} ${word}`]));
  console.log(`${file}: ${passed} passed${rest.join('')}, ${Math.round(seconds)} s`);
  for (const failure of failures) console.log(`  ${failure.replaceAll('\n', '\n    ')}`);
}

function commitOf(): string {
  const git = (args: readonly string[]): string =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim();
  const isChanged = git(['status', '--porcelain', '--', 'electron', 'shared', 'test']) !== '';
  return `${git(['rev-parse', '--short', 'HEAD'])}${isChanged ? ' with changes' : ''}`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { test: { type: 'string', short: 't', default: '' } },
});
const chosen = windowsSuites.filter(
  ({ file }) => positionals.length === 0 || positionals.some((part) => file.includes(part)),
);
const isAll = chosen.length === windowsSuites.length && values.test === '';
const facts = await prepareWine();
if ('missing' in facts) {
  console.log(`skipped, nothing was tested on Windows. Missing: ${facts.missing}`);
  process.exit(2);
}
console.log(`${facts.wine}, Node ${facts.node}`);
const files: JudgedFile[] = [];
try {
  await prepareTree();
  await lendFolders(scratch);
  const waiting = [...chosen];
  const work = async (): Promise<void> => {
    for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
      const judged = await runFile(suite, values.test);
      printFile(judged);
      files.push(judged);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
} finally {
  endWine();
  await rm(scratch, { recursive: true, force: true });
}
const failed = files.reduce((sum, { failures }) => sum + failures.length, 0);
if (isAll) {
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(resultPath, describeRun({ ...facts, commit: commitOf(), date }, files));
}
console.log(failed === 0 && files.length > 0 ? 'passed' : `FAILED: ${failed}`);
process.exitCode = failed === 0 && files.length > 0 ? 0 : 1;
