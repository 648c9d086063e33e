import { describe, expect, test } from 'vitest';
import { readSuiteReport } from '../support/suite-report.ts';

const reportOf = (...statuses: string[]): unknown => ({
  testResults: [
    {
      name: 'some.test.ts',
      status: statuses.includes('failed') ? 'failed' : 'passed',
      assertionResults: statuses.map((status, index) => ({
        fullName: `suite test ${index}`,
        status,
        failureMessages: status === 'failed' ? ['expected 1, got 2'] : [],
      })),
    },
  ],
});

const straceSkip = [{ name: 'suite', needs: 'strace', reason: 'strace is missing' }] as const;

describe('the sum of a run is never greener than its tests', () => {
  test('passed and failed tests are counted, with the message', () => {
    const outcome = readSuiteReport(reportOf('passed', 'failed', 'passed'), 1);
    expect(outcome.passed).toBe(2);
    expect(outcome.failures).toEqual([{ name: 'suite test 1', message: 'expected 1, got 2' }]);
  });

  test('a skip that nobody listed is a failure', () => {
    expect(readSuiteReport(reportOf('passed', 'skipped'), 0, []).failures).toHaveLength(1);
    expect(readSuiteReport(reportOf('todo'), 0, []).failures).toHaveLength(1);
  });

  test('a listed skip is accepted only where its need is missing', () => {
    const without = readSuiteReport(reportOf('skipped'), 0, straceSkip, () => false);
    expect(without).toEqual({
      passed: 0,
      failures: [],
      skips: [{ name: 'suite test 0', reason: 'strace is missing' }],
    });
    expect(readSuiteReport(reportOf('skipped'), 0, straceSkip, () => true).failures).toHaveLength(
      1,
    );
  });

  test('a file that does not load is a failure', () => {
    const report = {
      testResults: [
        { name: 'broken.test.ts', status: 'failed', message: 'no module', assertionResults: [] },
      ],
    };
    expect(readSuiteReport(report, 1).failures).toEqual([
      { name: 'broken.test.ts', message: 'no module' },
    ]);
  });

  test('a runner that ends badly without a failed test is a failure', () => {
    expect(readSuiteReport(reportOf('passed'), 1).failures).toHaveLength(1);
  });
});
