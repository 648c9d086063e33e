// holdfast history
import type { Command } from 'commander';
import type { Run } from '../../../shared/model/run.ts';
import { formatBytes } from '../../../shared/text/bytes.ts';
import { formatDuration } from '../../../shared/text/durations.ts';
import { failureWords } from '../../../shared/text/failure-words.ts';
import { formatMoment } from '../../../shared/text/moments.ts';
import { listRuns } from '../../history/runs.ts';
import { listOpenUndos } from '../../history/undo-records.ts';
import { findPlan } from '../../jobs/find-plan.ts';
import { formatActions } from '../actions-text.ts';
import { parseCount } from '../parse-count.ts';
import type { RunCommand } from '../run-cli.ts';
import { shortId } from '../short-id.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatTable } from '../text-table.ts';

interface HistoryOptions {
  readonly plan?: string;
  readonly limit: number;
  readonly output?: true;
}

const DEFAULT_LIMIT = 50;

/** Adds `history`. */
export function addHistoryCommand(program: Command, run: RunCommand): void {
  program
    .command('history')
    .description('what has run on this computer, newest first')
    .option('--plan <plan>', 'only runs of this plan: name, id or its beginning')
    .option('--limit <n>', 'at most so many', parseCount, DEFAULT_LIMIT)
    .option('--output', 'with what commands around backups put out')
    .addHelpText('after', '\nExample:\n  $ holdfast history --limit 20')
    .action(async (options: HistoryOptions, command: Command) =>
      run(command, async (session) => showHistory(session, options)),
    );
}

async function showHistory(session: CliSession, options: HistoryOptions): Promise<Answer> {
  const { engine, labels } = session;
  const plan = options.plan === undefined ? null : await findPlan(engine, options.plan);
  const runs = listRuns(engine.history(), {
    limit: options.limit,
    ...(plan === null ? {} : { planId: plan.id }),
  });
  const table = runs.length === 0 ? labels.names['no-runs'] : formatRuns(session, runs);
  const text = options.output === true ? formatBlocks(table, ...outputs(session, runs)) : table;
  const undoable = listOpenUndos(engine.history(), session.clock.nowMs());
  return {
    document: {
      runs,
      undoable: undoable.map(({ run, target, keptUntilMs }) => ({ run, target, keptUntilMs })),
    },
    text,
  };
}

function formatRuns({ labels, locale, clock }: CliSession, runs: readonly Run[]): string {
  const { names } = labels;
  return formatTable(
    [
      { title: names.id },
      { title: names.started },
      { title: names.kind },
      { title: names.state },
      { title: names.duration, align: 'right' },
      { title: names['bytes-stored'], align: 'right' },
      { title: names['restore-point'] },
      { title: names.place },
      { title: names.reason },
    ],
    runs.map((run) => [
      shortId(run.id),
      formatMoment(run.startedAtMs, clock.zone()),
      labels.runKinds[run.kind],
      labels.runStates[run.state],
      run.endedAtMs === null ? '' : formatDuration(run.endedAtMs - run.startedAtMs, locale),
      run.figures.bytesStored === 0 ? '' : formatBytes(run.figures.bytesStored, locale),
      run.point === null ? '' : shortId(run.point),
      run.place ?? '',
      reasonOf(run, locale),
    ]),
  );
}

function outputs(session: CliSession, runs: readonly Run[]): readonly string[] {
  return runs
    .filter(({ actions }) => actions.length > 0)
    .map(({ id, actions }) => `${shortId(id)}\n${formatActions(session, actions)}`);
}

function reasonOf({ failure, problems }: Run, locale: CliSession['locale']): string {
  const first = failure ?? problems[0]?.failure;
  return first === undefined ? '' : failureWords(first, locale).title;
}
