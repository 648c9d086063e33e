// holdfast drill [POINT|latest] --at PLACE
import type { Command } from 'commander';
import { EXIT_PROBLEMS } from '../../../shared/model/exit-code.ts';
import { formatBytes } from '../../../shared/text/bytes.ts';
import { formatDuration } from '../../../shared/text/durations.ts';
import { failureWords } from '../../../shared/text/failure-words.ts';
import type { DrillReport } from '../../jobs/drill-job.ts';
import { scanAndDrillJob } from '../../jobs/scan-and-drill-job.ts';
import { resolvePlace } from '../place-argument.ts';
import { parsePoint } from '../point-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts, formatTable } from '../text-table.ts';

interface DrillOptions {
  readonly at: string;
  readonly only?: string;
}

/** Adds `drill`. */
export function addDrillCommand(program: Command, run: RunCommand): void {
  program
    .command('drill')
    .description('restore test: bring a copy back, open it, compare it with what was recorded')
    .argument('[point]', 'latest, the id or its beginning, or a moment', 'latest')
    .requiredOption('--at <place>', 'folder of the vault')
    .option('--only <file>', 'one CRM database or folder by name')
    .addHelpText('after', '\nExample:\n  $ holdfast drill --at /mnt/usb/crm')
    .action(async (point: string, options: DrillOptions, command: Command) =>
      run(command, async (session) => drill(session, point, options)),
    );
}

async function drill(session: CliSession, text: string, options: DrillOptions): Promise<Answer> {
  const { engine, context, clock } = session;
  const report = await scanAndDrillJob(
    engine,
    {
      place: resolvePlace(session, options.at),
      wanted: parsePoint(text, clock),
      only: options.only ?? null,
      planId: null,
      expectedVault: null,
    },
    context,
  );
  const { failure, ...found } = report;
  return {
    document: found,
    text: formatReport(session, report),
    ...(failure === null ? {} : { failure, exitCode: EXIT_PROBLEMS }),
  };
}

function formatReport(session: CliSession, report: DrillReport): string {
  const { labels, locale } = session;
  const { names } = labels;
  const facts = formatFacts([
    [names['restore-point'], report.point],
    [names['drill-result'], labels.drillOutcomes[report.outcome]],
    // What did not come back took no time.
    ...(report.outcome === 'proved'
      ? [[names['recovery-time'], formatDuration(report.recoveryMs, locale)] as const]
      : []),
    ...(report.unscanned.length === 0
      ? []
      : [[names['no-proof-for'], report.unscanned.join(', ')] as const]),
  ]);
  const sources = report.sources.map((source) => [
    source.name,
    labels.drillOutcomes[source.outcome],
    formatBytes(source.bytes, locale),
    source.outcome === 'proved' ? formatDuration(source.recoveryMs, locale) : '',
    source.failure === null ? '' : failureWords(source.failure, locale).cause,
  ]);
  const counts = report.sources.flatMap(({ name, counts: counted }) =>
    counted.map(({ table, rows, recorded }) => [
      name,
      table,
      rows === null ? names.missing : String(rows),
      recorded === null ? '' : String(recorded),
    ]),
  );
  return formatBlocks(
    facts,
    formatTable(
      [
        { title: names['crm-data'] },
        { title: names['drill-result'] },
        { title: names.size, align: 'right' },
        { title: names['recovery-time'], align: 'right' },
        { title: names.reason },
      ],
      sources,
    ),
    counts.length === 0
      ? ''
      : formatTable(
          [
            { title: names['crm-data'] },
            { title: names.table },
            { title: names['in-copy'], align: 'right' },
            { title: names.recorded, align: 'right' },
          ],
          counts,
        ),
  );
}
