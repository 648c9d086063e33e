// The problems of a run as a list: what, and why.
import type { Problem } from '../../shared/model/failure.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import type { CliSession } from './session.ts';
import { formatTable } from './text-table.ts';

/** Empty where there are none. */
export function problemsOf(
  { labels, locale }: Pick<CliSession, 'labels' | 'locale'>,
  problems: readonly Problem[],
): string {
  if (problems.length === 0) return '';
  const rows = problems.map(({ failure, source }) => {
    const { title, cause } = failureWords(failure, locale);
    return [source ?? '', `${title}: ${cause}`];
  });
  return formatTable([{ title: labels.names.problems }, { title: '' }], rows);
}
