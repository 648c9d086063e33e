// holdfast undo [RUN]
import type { Command } from 'commander';
import { undoJob } from '../../jobs/undo-job.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts } from '../text-table.ts';

interface UndoOptions {
  readonly evenIfChanged?: boolean;
}

/** Adds `undo`. */
export function addUndoCommand(program: Command, run: RunCommand): void {
  program
    .command('undo')
    .description('take back a restore in place; refuses where the target changed since')
    .argument('[run]', 'the restore by its id or the beginning; else the newest one')
    .option('--even-if-changed', 'also where the target changed since; its state is kept first')
    .addHelpText('after', '\nExample:\n  $ holdfast undo')
    .action(async (wanted: string | undefined, options: UndoOptions, command: Command) =>
      run(command, async (session) => undo(session, wanted ?? null, options)),
    );
}

async function undo(
  { engine, context, labels }: CliSession,
  run: string | null,
  options: UndoOptions,
): Promise<Answer> {
  const { names } = labels;
  const evenIfChanged = options.evenIfChanged === true;
  const report = await undoJob(engine, { run, evenIfChanged }, context);
  const facts: [string, string][] = [[names.file, report.target]];
  if (report.way !== null) facts.push([names.way, labels.ways[report.way]]);
  if (report.rows !== null) facts.push([names.rows, String(report.rows)]);
  return { document: { ...report }, text: formatBlocks(names.undone, formatFacts(facts)) };
}
