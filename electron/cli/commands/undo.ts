// holdfast undo [RUN]
import type { Command } from 'commander';
import { formatMoment } from '../../../shared/text/moments.ts';
import { undoJob } from '../../jobs/undo-job.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { shortId } from '../short-id.ts';
import { formatBlocks, formatFacts } from '../text-table.ts';

interface UndoOptions {
  readonly evenIfChanged?: boolean;
}

/** Adds `undo`. */
export function addUndoCommand(program: Command, run: RunCommand): void {
  program
    .command('undo')
    .description('take back a restore in place; refuses where the target changed since')
    .argument('[run]', 'the restore or undo by its id or the beginning; else the newest restore')
    .option('--even-if-changed', 'also where the target changed since; its state is kept first')
    .addHelpText('after', '\nExample:\n  $ holdfast undo')
    .action(async (wanted: string | undefined, options: UndoOptions, command: Command) =>
      run(command, async (session) => undo(session, wanted ?? null, options)),
    );
}

async function undo(
  { engine, context, labels, clock }: CliSession,
  run: string | null,
  options: UndoOptions,
): Promise<Answer> {
  const { names } = labels;
  const evenIfChanged = options.evenIfChanged === true;
  const report = await undoJob(engine, { run, evenIfChanged }, context);
  const facts: [string, string][] = [[names.file, report.target]];
  if (report.way !== null) facts.push([names.way, labels.ways[report.way]]);
  if (report.rows !== null) facts.push([names.rows, String(report.rows)]);
  const { redo } = report;
  if (redo !== null) {
    const until =
      redo.keptUntilMs === null ? '' : `  (${formatMoment(redo.keptUntilMs, clock.zone())})`;
    facts.push([names['redo-with'], `holdfast undo ${shortId(redo.run)}${until}`]);
  }
  return { document: { ...report }, text: formatBlocks(names.undone, formatFacts(facts)) };
}
