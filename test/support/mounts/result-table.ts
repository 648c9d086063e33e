/** The last result as README shows it: file systems, then faults. Lies between two marks there; a unit test compares. */
import type { LastResult, ResultPart } from './results.ts';

const BEGIN = '<!-- mounts: written by `npm run test:mounts` -->';
const END = '<!-- /mounts -->';

export function formatLastResult(result: LastResult): string {
  const { commit, date, seconds, seed, machine, parts } = result;
  const of = (kind: ResultPart['kind']): readonly ResultPart[] =>
    parts.filter((part) => part.kind === kind);
  return [
    `Last whole run: ${date}, commit ${commit}${result.isChanged ? ' with changes' : ''}, seed ${seed}, ${Math.round(seconds / 60)} minutes (${machine}).`,
    '',
    '| file system | storage suite | backups of a live CRM, restored byte for byte | CRM on it in rollback mode, in place | CRM on it in WAL mode, in place | result |',
    '| --- | --- | --- | --- | --- | --- |',
    ...of('file-system').map((part) => formatFileSystem(part)),
    '',
    '| in the middle of the work | what came of it | result |',
    '| --- | --- | --- |',
    ...of('fault').map(({ title, facts, result: outcome }) =>
      formatRow([title, formatFacts(facts), outcome]),
    ),
  ].join('\n');
}

function formatFileSystem({ title, facts, result }: ResultPart): string {
  const fact = (name: string): string => String(facts[name] ?? '—');
  return formatRow([
    title,
    facts['conformance'] === undefined ? '—' : `${fact('conformance')} passed`,
    facts['backups'] === undefined ? '—' : fact('byte for byte'),
    fact('in place, delete'),
    fact('in place, wal'),
    facts['reason'] === undefined ? result : `${result}: ${fact('reason')}`,
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
