// The commands around a run: what, how it ended, and what it put out.
import { commandText, type ActionRecord } from '../../shared/model/actions.ts';
import { actionEndWords } from '../../shared/text/action-words.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import type { CliSession } from './session.ts';
import { formatBlocks, formatTable } from './text-table.ts';

/** Empty where there are none. */
export function formatActions(
  { labels, locale }: Pick<CliSession, 'labels' | 'locale'>,
  actions: readonly ActionRecord[],
): string {
  const { names } = labels;
  return formatBlocks(
    ...actions.map(({ phase, command, end, durationMs, output, isLate }) => {
      const ending = actionEndWords(end, locale) + (isLate ? ` (${names['action-late']})` : '');
      const when = phase === 'before' ? names['action-before'] : names['action-after'];
      const row = [commandText(command), ending, formatDuration(durationMs, locale)];
      const head = formatTable([{ title: when }, { title: '' }, { title: '' }], [row]);
      const lines = output === '' ? [] : output.split('\n').map((line) => `  | ${line}`);
      return [head, ...lines].join('\n');
    }),
  );
}
