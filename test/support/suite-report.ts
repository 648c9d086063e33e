/**
 * Turns vitest's JSON report of one suite into counts. Every number that the run prints comes from here or from a static
 * check; a broken file, a missing report and an unlisted skip all count as failures.
 */
import { z } from 'zod';
import { expectedSkips, type ExpectedSkip } from './expected-skips.ts';
import { isAvailable, type Need } from './machine.ts';

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

export type Failure = { readonly name: string; readonly message: string };
export type Skip = { readonly name: string; readonly reason: string };
export type Outcome = {
  readonly passed: number;
  readonly failures: readonly Failure[];
  readonly skips: readonly Skip[];
};

/** Characters from the end of what the runner said. */
const MOST_OUTPUT = 4000;

/** `runner` is how vitest itself ended: with an exit code but no failed test it met an error outside of any test. */
export function readSuiteReport(
  report: unknown,
  { exitCode, output }: { readonly exitCode: number; readonly output: string },
  expected: readonly ExpectedSkip[] = expectedSkips,
  isThere: (need: Need) => boolean = isAvailable,
): Outcome {
  const { testResults } = reportSchema.parse(report);
  const failures: Failure[] = [];
  const skips: Skip[] = [];
  let passed = 0;
  for (const file of testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') {
        failures.push({ name: test.fullName, message: (test.failureMessages ?? []).join('\n') });
      } else {
        const listed = expected.find((skip) => isSkipOf(skip, test.fullName, isThere));
        if (listed === undefined)
          failures.push({ name: test.fullName, message: unlisted(test.status) });
        else skips.push({ name: test.fullName, reason: listed.reason });
      }
    }
    const hasFailedTest = file.assertionResults.some((test) => test.status === 'failed');
    if (file.status === 'failed' && !hasFailedTest) {
      failures.push({
        name: file.name,
        message: file.message ?? 'the file failed outside of its tests',
      });
    }
  }
  if (exitCode !== 0 && failures.length === 0) {
    failures.push({
      name: 'the runner',
      message: `ended with exit code ${exitCode}, though no test failed\n${output.slice(-MOST_OUTPUT)}`,
    });
  }
  return { passed, failures, skips };
}

const isSkipOf = (
  skip: ExpectedSkip,
  fullName: string,
  isThere: (need: Need) => boolean,
): boolean =>
  (fullName === skip.name || fullName.startsWith(`${skip.name} `)) &&
  (skip.needs === undefined || !isThere(skip.needs));

const unlisted = (status: string): string =>
  `was not run (${status}), and test/support/expected-skips.ts does not allow that here`;
