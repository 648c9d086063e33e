// holdfast compare POINT POINT|--live --at PLACE
import type { Command } from 'commander';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { compareJob } from '../../jobs/compare-job.ts';
import { formatComparison } from '../comparison-text.ts';
import { parseCount } from '../parse-count.ts';
import { resolvePlace } from '../place-argument.ts';
import { parsePoint } from '../point-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';

interface CompareOptions {
  readonly at: string;
  readonly live?: boolean;
  readonly only?: string;
  readonly table?: readonly string[];
  readonly counts?: boolean;
  readonly examples: number;
}

const DEFAULT_EXAMPLES = 5;

const examples = `
Examples:
  $ holdfast compare 276d latest --at /mnt/usb/crm
  $ holdfast compare latest --live --at /mnt/usb/crm --table contacts`;

/** Adds `compare`. */
export function addCompareCommand(program: Command, run: RunCommand): void {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [
    ...before,
    value,
  ];
  program
    .command('compare')
    .description('what changed between two restore points, or between one and the live data')
    .argument('<before>', 'latest, the id or its beginning, or a moment')
    .argument('[after]', 'the newer one; or --live')
    .requiredOption('--at <place>', 'folder of the vault')
    .option('--live', 'compare with the data as it is now; the CRM may stay open')
    .option('--only <file>', 'one CRM database or folder by name')
    .option('--table <table>', 'only this table (repeatable)', collect)
    .option('--counts', 'recorded row counts will do; nothing is fetched where they are known')
    .option(
      '--examples <n>',
      'at most so many examples a table and change',
      parseCount,
      DEFAULT_EXAMPLES,
    )
    .addHelpText('after', examples)
    .action(
      async (
        before: string,
        after: string | undefined,
        options: CompareOptions,
        command: Command,
      ) => run(command, async (session) => compare(session, before, after, options)),
    );
}

async function compare(
  session: CliSession,
  before: string,
  after: string | undefined,
  options: CompareOptions,
): Promise<Answer> {
  const { engine, context, clock } = session;
  if ((after === undefined) !== (options.live === true)) {
    const detail = 'give two restore points, or one and --live';
    throw new BackupError({ code: 'usage', detail });
  }
  const report = await compareJob(
    engine,
    {
      place: resolvePlace(session, options.at),
      before: parsePoint(before, clock),
      after: after === undefined ? null : parsePoint(after, clock),
      only: options.only ?? null,
      tables: options.table ?? null,
      depth: options.counts === true ? 'counts' : 'rows',
      sampleLimit: options.examples,
    },
    context,
  );
  return { document: { ...report }, text: formatComparison(session, report) };
}
