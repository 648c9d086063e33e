// holdfast verify --at PLACE [--data]
import type { Command } from 'commander';
import { EXIT_PROBLEMS } from '../../../shared/model/exit-code.ts';
import { formatBytes } from '../../../shared/text/bytes.ts';
import { verifyJob, type VerifyJobReport } from '../../jobs/verify-job.ts';
import { resolvePlace } from '../place-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import { shortId } from '../short-id.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts, formatTable } from '../text-table.ts';

interface VerifyOptions {
  readonly at: string;
  readonly data?: boolean;
}

/** Adds `verify`. */
export function addVerifyCommand(program: Command, run: RunCommand): void {
  program
    .command('verify')
    .description('check that all parts are there; with --data, that every byte is as it was')
    .requiredOption('--at <place>', 'folder of the vault')
    .option('--data', 'read and authenticate everything')
    .addHelpText('after', '\nExample:\n  $ holdfast verify --at /mnt/usb/crm --data')
    .action(async (options: VerifyOptions, command: Command) =>
      run(command, async (session) => verify(session, options)),
    );
}

async function verify(session: CliSession, options: VerifyOptions): Promise<Answer> {
  const report = await verifyJob(
    session.engine,
    {
      place: resolvePlace(session, options.at),
      depth: options.data === true ? 'data' : 'structure',
      planId: null,
      expectedVault: null,
    },
    session.context,
  );
  const { failure, ...found } = report;
  const text = formatReport(session, report);
  if (failure === null) return { document: found, text };
  // What a second copy makes good is a problem; what cannot be brought back is damage.
  return report.isSound
    ? { document: found, text, failure, exitCode: EXIT_PROBLEMS }
    : { document: found, text, failure, exitCode: 'by-failure' };
}

function formatReport({ labels, locale }: CliSession, report: VerifyJobReport): string {
  const { names } = labels;
  const facts = formatFacts([
    [names['points-checked'], String(report.points)],
    [names['bytes-read'], formatBytes(report.bytesRead, locale)],
  ]);
  const lost = [...report.unreadablePoints, ...report.vanished].map((name) => [
    `points/${name}`,
    names.vanished,
  ]);
  const wounds = report.damage.map(({ object, detail, isRepaired }) => [
    object,
    isRepaired ? `${detail} (${names.repaired})` : detail,
  ]);
  const rows = [...lost, ...wounds];
  const affected = report.affected.map(({ point, source, file, parts }) => [
    shortId(point),
    source,
    file,
    parts === null ? '' : String(parts),
  ]);
  return formatBlocks(
    facts,
    rows.length === 0
      ? names['no-damage']
      : formatTable([{ title: names.damage }, { title: names.detail }], rows),
    affected.length === 0
      ? ''
      : formatTable(
          [
            { title: names.affected },
            { title: names['crm-data'] },
            { title: names.file },
            { title: names.pages, align: 'right' },
          ],
          affected,
        ),
  );
}
