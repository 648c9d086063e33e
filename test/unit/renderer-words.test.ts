/** No bare string in a screen: what is not among the words of both languages is read by nobody. */
import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findBareWords } from '../support/find-bare-words.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('every word of a screen is said in both languages', async () => {
  const found: string[] = [];
  let files = 0;
  for await (const file of glob('renderer/**/*.tsx', { cwd: root })) {
    files += 1;
    found.push(
      ...findBareWords(file.replaceAll('\\', '/'), await readFile(`${root}${file}`, 'utf8')),
    );
  }
  expect(files).toBeGreaterThan(50);
  expect(found).toEqual([]);
});

test.each([
  ['text', '<p>Back up now</p>', 'Back up now'],
  ['text beside what is filled in', '<p>{count} rows</p>', 'rows'],
  ['a text in braces', "<p>{'Gone'}</p>", 'Gone'],
  ['one of two texts', "<p>{isHere ? t('here') : 'Away'}</p>", 'Away'],
  ['a text behind a condition', "<>{isHere && 'Here'}</>", 'Here'],
  ['a template', '<p>{`${count} rows`}</p>', 'rows'],
  ['a sum', "<p>{count + ' rows'}</p>", 'rows'],
  ['an attribute', '<Button aria-label="Close" />', 'Close'],
  ['an attribute in braces', "<Field label={isNew ? 'New' : t('old')} />", 'New'],
  ['Chinese', '<p>备份</p>', '备份'],
])('%s is found', (_, jsx, words) => {
  expect(findBareWords('a.tsx', `export const a = ${jsx};\n`)).toEqual([`a.tsx:1: ${words}`]);
});

test('keys of words, signs and what nobody reads are not taken for words', () => {
  const jsx = `<p id="x" className={kind === 'a' ? 'b' : 'c'}>{t('title', { name: 'x' })} · {count} %{' '}</p>`;
  expect(findBareWords('a.tsx', `export const a = ${jsx};\n`)).toEqual([]);
});
