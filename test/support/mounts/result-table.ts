/** The last results as README shows them: file systems, then faults. They lie between two marks there; a unit test compares. */
import type { LastResult, ResultPart } from './results.ts';

const BEGIN = '<!-- mounts: written by `npm run test:mounts` -->';
const END = '<!-- /mounts -->';

export function formatLastResult({ machine, parts }: LastResult): string {
  const of = (kind: ResultPart['kind']): readonly ResultPart[] =>
    parts.filter((part) => part.kind === kind);
  return [
    `Last results (${machine}):`,
    '',
    '| file system | storage suite | backups of a live CRM, restored byte for byte | in place, rollback mode | in place, WAL mode | result | run on |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...of('file-system').map((part) => formatFileSystem(part)),
    '',
    '| in the middle of the work | what came of it | result | run on |',
    '| --- | --- | --- | --- |',
    ...of('fault').map((part) =>
      formatRow([part.title, formatFacts(part.facts), part.result, formatRun(part)]),
    ),
  ].join('\n');
}

const formatRun = ({ date, commit }: ResultPart): string => `${date}, ${commit}`;

function formatFileSystem(part: ResultPart): string {
  const { title, facts, result } = part;
  const fact = (name: string): string => String(facts[name] ?? '—');
  return formatRow([
    title,
    facts['conformance'] === undefined ? '—' : `${fact('conformance')} passed`,
    facts['backups'] === undefined ? '—' : fact('byte for byte'),
    fact('in place, delete'),
    fact('in place, wal'),
    facts['reason'] === undefined ? result : `${result}: ${fact('reason')}`,
    formatRun(part),
  ]);
}

const formatRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const formatFacts = (facts: ResultPart['facts']): string =>
  Object.entries(facts)
    .filter(([name]) => name !== 'seconds')
    .map(([name, value]) => (typeof value === 'number' ? `${value} ${name}` : value))
    .join(', ');

/** README's text with the table put in anew; throws where the marks are not. */
export function putIntoReadme(readme: string, result: LastResult): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('README.md has no marks for the table of mounts');
  return `${readme.slice(0, begin + BEGIN.length)}\n${formatLastResult(result)}\n${readme.slice(end)}`;
}
