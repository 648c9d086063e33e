/** README tells what was tried on which file system: it must not say anything that the last run did not find. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { formatLastResult, putIntoReadme } from '../support/mounts/result-table.ts';
import { lastResultPath, lastResultSchema } from '../support/mounts/results.ts';

const readme = new URL('../../README.md', import.meta.url);

test("README's table of file systems is the last result's", async () => {
  const result = lastResultSchema.parse(JSON.parse(await readFile(lastResultPath, 'utf8')));
  const text = await readFile(readme, 'utf8');
  expect(putIntoReadme(text, result)).toBe(text);
});

test('a failed or skipped trial shows as one', () => {
  const run = { date: '2026-11-21', commit: 'abc+', seed: 1 };
  const part = { kind: 'file-system', facts: {}, ...run } as const;
  const text = formatLastResult({
    machine: 'Linux',
    parts: [
      { ...part, name: 'a', title: 'A', result: 'failed' },
      { ...part, name: 'b', title: 'B', result: 'skipped', facts: { reason: 'no B' } },
    ],
  });
  expect(text).toContain('| A | — | — | — | — | failed | 2026-11-21, abc+ |');
  expect(text).toContain('| B | — | — | — | — | skipped: no B | 2026-11-21, abc+ |');
});

test('a README without the marks is no place for the table', () => {
  expect(() => putIntoReadme('# Holdfast', {} as never)).toThrow(/no marks/u);
});
