// holdfast prune --at PLACE
import type { Command } from 'commander';
import { formatBytes } from '../../../shared/text/bytes.ts';
import { pruneJob } from '../../jobs/prune-job.ts';
import { resolvePlace } from '../place-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatFacts } from '../text-table.ts';

/** Adds `prune`. */
export function addPruneCommand(program: Command, run: RunCommand): void {
  program
    .command('prune')
    .description(
      'free what no restore point needs: marked now, removed after 72 hours and a backup',
    )
    .requiredOption('--at <place>', 'folder of the vault')
    .addHelpText('after', '\nExample:\n  $ holdfast prune --at /mnt/usb/crm')
    .action(async (options: { at: string }, command: Command) =>
      run(command, async (session) => prune(session, options.at)),
    );
}

async function prune(session: CliSession, at: string): Promise<Answer> {
  const { names } = session.labels;
  const place = resolvePlace(session, at);
  const report = await pruneJob(
    session.engine,
    { place, planId: null, expectedVault: null },
    session.context,
  );
  const bytes = (count: number): string => formatBytes(count, session.locale);
  return {
    document: { ...report },
    text: formatFacts([
      [names.freed, bytes(report.freedBytes)],
      [names.waiting, bytes(report.condemnedBytes)],
    ]),
  };
}
