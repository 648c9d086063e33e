/** What a run on Windows is called: nothing that failed, stopped or was not run may pass. */
import { describe, expect, test } from 'vitest';
import { judgeFile, type FileReport } from '../support/windows/windows-report.ts';
import type { TestOutcome } from '../support/windows/small-vitest.ts';

const suite = { file: 'test/x.test.ts', differs: { 'a link': 'there are none' } };
const outcome = (name: string, kind: TestOutcome['outcome']): TestOutcome => ({
  name,
  outcome: kind,
  ms: 1,
  message: kind === 'failed' ? 'broken' : '',
});
const judge = (report: Partial<FileReport>) =>
  judgeFile(suite, { isComplete: true, outcomes: [], ...report }, 1);

const differing = outcome('a link is refused', 'failed');

describe('a test file on Windows', () => {
  test('is fine when all passed but what is known to differ', () => {
    const judged = judge({ outcomes: [outcome('a file', 'passed'), differing] });
    expect(judged).toMatchObject({ passed: 1, failures: [] });
    expect(judged.differing).toEqual([['a link is refused', 'there are none']]);
  });

  test.each([
    ['a test failed', { outcomes: [outcome('a file', 'failed'), differing] }, 'a file\nbroken'],
    ['a difference is none any more', { outcomes: [outcome('a link', 'passed')] }, 'and is not'],
    ['it stopped half way', { outcomes: [differing], isComplete: false }, 'come to its end'],
    ['nothing was run', { outcomes: [] }, 'no test was run'],
  ] as const)('is not when %s', (_, report, said) => {
    expect(judge(report).failures.join()).toContain(said);
  });
});
