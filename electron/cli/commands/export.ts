// holdfast export POINT --at PLACE --zip FILE
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatBytes } from '../../../shared/text/bytes.ts';
import { exportJob } from '../../jobs/export-job.ts';
import { resolvePlace } from '../place-argument.ts';
import { parsePoint } from '../point-argument.ts';
import { problemsOf } from '../problems-text.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts } from '../text-table.ts';

interface ExportOptions {
  readonly at: string;
  readonly zip: string;
  readonly only?: string;
}

/** Adds `export`. */
export function addExportCommand(program: Command, run: RunCommand): void {
  program
    .command('export')
    .description('write a restore point as a plain ZIP that opens anywhere; it is NOT sealed')
    .argument('<point>', 'latest, the id or its beginning, or a moment')
    .requiredOption('--at <place>', 'folder of the vault')
    .requiredOption('--zip <file>', 'the ZIP to be made; must not exist')
    .option('--only <file>', 'one CRM database or folder by name, or one file of a folder')
    .addHelpText('after', '\nExample:\n  $ holdfast export latest --at /mnt/usb/crm --zip crm.zip')
    .action(async (point: string, options: ExportOptions, command: Command) =>
      run(command, async (session) => exportPoint(session, point, options)),
    );
}

async function exportPoint(
  session: CliSession,
  text: string,
  options: ExportOptions,
): Promise<Answer> {
  const { engine, context, cwd, clock, labels, locale } = session;
  const { names } = labels;
  const report = await exportJob(
    engine,
    {
      place: resolvePlace(session, options.at),
      wanted: parsePoint(text, clock),
      only: options.only ?? null,
      file: resolve(cwd, options.zip),
    },
    context,
  );
  const [problem] = report.problems;
  const facts = formatFacts([
    [names.exported, report.file],
    [names['restore-point'], report.point],
    [names.files, String(report.files)],
    [names.size, formatBytes(report.fileBytes, locale)],
  ]);
  return {
    document: { ...report, isSealed: false },
    text: formatBlocks(facts, names['not-sealed'], problemsOf(session, report.problems)),
    ...(problem === undefined ? {} : { failure: problem.failure }),
  };
}
