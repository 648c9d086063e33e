/**
 * Judges what test files reported from Windows, and puts it into words. Promise: a file that did not come to its end, one
 * in which nothing ran, and a named difference that is none any more are failures, too.
 */
import type { TestOutcome } from './small-vitest.ts';
import type { WindowsSuite } from './windows-suites.ts';

export type FileReport = {
  readonly isComplete: boolean;
  readonly outcomes: readonly TestOutcome[];
};

export type JudgedFile = {
  readonly file: string;
  readonly passed: number;
  readonly skipped: readonly string[];
  /** Tests that cannot hold there, with the reason. */
  readonly differing: readonly (readonly [name: string, reason: string])[];
  readonly failures: readonly string[];
  readonly seconds: number;
};

export function judgeFile(suite: WindowsSuite, report: FileReport, seconds: number): JudgedFile {
  const { outcomes, isComplete } = report;
  const entries = Object.entries(suite.differs ?? {});
  const reasonFor = (name: string): string | undefined =>
    entries.find(([beginning]) => name.startsWith(beginning))?.[1];
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
  const failures = failed
    .filter(({ name }) => reasonFor(name) === undefined)
    .map(({ name, message }) => `${name}\n${message}`);
  const stale = entries
    .filter(([beginning]) => !failed.some(({ name }) => name.startsWith(beginning)))
    .map(([beginning]) => `listed as different, and is not: ${beginning}`);
  if (!isComplete) failures.push('it did not come to its end');
  else failures.push(...stale);
  if (outcomes.length === 0) failures.push('no test was run');
  return {
    file: suite.file,
    passed: outcomes.filter(({ outcome }) => outcome === 'passed').length,
    skipped: outcomes.filter(({ outcome }) => outcome === 'skipped').map(({ name }) => name),
    differing: failed.flatMap(({ name }) => {
      const reason = reasonFor(name);
      return reason === undefined ? [] : [[name, reason] as const];
    }),
    failures,
    seconds,
  };
}

export type RunFacts = {
  readonly commit: string;
  readonly date: string;
  readonly wine: string;
  readonly node: string;
};

/** The text of `test/windows/last-result.md`. */
export function describeRun(facts: RunFacts, files: readonly JudgedFile[]): string {
  const sum = (count: (file: JudgedFile) => number): number =>
    files.reduce((total, file) => total + count(file), 0);
  const rows = files.map(
    ({ file, passed, differing, skipped, failures, seconds }) =>
      `| \`${file}\` | ${passed} | ${differing.length} | ${skipped.length} | ${failures.length} | ${Math.round(seconds)} |`,
  );
  const reasons = Map.groupBy(
    files.flatMap(({ file, differing }) => differing.map(([name, why]) => ({ file, name, why }))),
    ({ why }) => why,
  );
  const differing = [...reasons].flatMap(([why, tests]) => [
    `- ${why}:`,
    ...tests.map(({ file, name }) => `  - ${nameOf(file)}: ${name}`),
  ]);
  return [
    '# Last result of `npm run test:windows`',
    '',
    'Written by the run itself.',
    '',
    `- commit ${facts.commit}`,
    `- ${facts.date}`,
    `- ${facts.wine}, Node ${facts.node}`,
    `- ${sum(({ passed }) => passed)} passed, ${sum(({ differing: all }) => all.length)} differ for the reasons below, ${sum(({ skipped }) => skipped.length)} skipped, ${sum(({ failures }) => failures.length)} failed, ${Math.round(sum(({ seconds }) => seconds) / 60)} minutes`,
    '',
    '| test file | passed | differ | skipped | failed | seconds |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '## Tests that ask for what is not there',
    '',
    ...(differing.length === 0 ? ['None.'] : differing),
    '',
    ...wineDiffers,
  ].join('\n');
}

/** What `wine-itself.test.ts` finds at each run. */
const wineDiffers = [
  '## Where Wine is not Windows',
  '',
  '`test/windows/wine-itself.test.ts` asserts the first three, so that a Wine that changes is noticed.',
  '',
  '- Reserved names (`CON`, `nul.txt`), dots and blanks at the end and a colon make plain files. The product refuses such',
  '  names all the same: shown here with files that Wine makes, and as a decision in `test/unit/restore/safe-target`.',
  '- A path of more than 259 characters needs no long form. That SQLite is given one is tested in',
  '  `test/unit/model/windows-path`; that everything works with one, here.',
  '- There are no links and no junctions. That nothing is written through them is tested on Linux.',
  '- No drive letter stands for a share in a way that Windows would resolve, so that decision is tested by the text of paths.',
  '- Rights (ACLs), controlled folder access, the Credential Manager, Restart Manager and NTFS itself are not there.',
  '',
];

const nameOf = (file: string): string => file.replace(/^test\//u, '').replace(/\.test\.ts$/u, '');
