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

const ended = { exitCode: 0, output: '' };
const failed = { exitCode: 1, output: 'Unhandled Rejection: nobody heard it' };

describe('the sum of a run is never greener than its tests', () => {
  test('passed and failed tests are counted, with the message', () => {
    const outcome = readSuiteReport(reportOf('passed', 'failed', 'passed'), failed);
    expect(outcome.passed).toBe(2);
    expect(outcome.failures).toEqual([{ name: 'suite test 1', message: 'expected 1, got 2' }]);
  });

  test('a skip that nobody listed is a failure', () => {
    expect(readSuiteReport(reportOf('passed', 'skipped'), ended, []).failures).toHaveLength(1);
    expect(readSuiteReport(reportOf('todo'), ended, []).failures).toHaveLength(1);
  });

  test('a listed skip is accepted only where its need is missing', () => {
    const without = readSuiteReport(reportOf('skipped'), ended, straceSkip, () => false);
    expect(without).toEqual({
      passed: 0,
      failures: [],
      skips: [{ name: 'suite test 0', reason: 'strace is missing' }],
    });
    expect(
      readSuiteReport(reportOf('skipped'), ended, straceSkip, () => true).failures,
    ).toHaveLength(1);
  });

  test('a file that does not load is a failure', () => {
    const report = {
      testResults: [
        { name: 'broken.test.ts', status: 'failed', message: 'no module', assertionResults: [] },
      ],
    };
    expect(readSuiteReport(report, failed).failures).toEqual([
      { name: 'broken.test.ts', message: 'no module' },
    ]);
  });

  test('a runner that ends badly without a failed test is a failure', () => {
    const { failures } = readSuiteReport(reportOf('passed'), failed);
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('Unhandled Rejection'),
    ]);
  });
});
