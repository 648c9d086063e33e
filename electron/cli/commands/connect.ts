// holdfast connect PLACE
import type { Command } from 'commander';
import { connectJob, type ConnectReport } from '../../jobs/connect-job.ts';
import { resolvePlace } from '../place-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts, formatTable } from '../text-table.ts';

/** Adds `connect`. */
export function addConnectCommand(program: Command, run: RunCommand): void {
  program
    .command('connect')
    .description('take up the backup plans that are stored in a vault, e.g. on a new computer')
    .argument('<place>', 'folder of the vault')
    .option('--remember', "store the passphrase in the system's keychain")
    .addHelpText(
      'after',
      '\nDone with the recovery key, it also confirms that the key is kept safe.\n\n' +
        'Example:\n  $ HOLDFAST_RECOVERY_KEY=... holdfast connect /mnt/usb/crm',
    )
    .action(async (place: string, options: { remember?: boolean }, command: Command) =>
      run(command, async (session) => connect(session, place, options.remember === true)),
    );
}

async function connect(session: CliSession, text: string, remember: boolean): Promise<Answer> {
  const place = resolvePlace(session, text);
  const report = await connectJob(session.engine, { place, remember }, session.context);
  return { document: { ...report }, text: formatReport(session, report) };
}

function formatReport({ labels }: CliSession, report: ConnectReport): string {
  const { names } = labels;
  const facts = formatFacts([
    [names.copy, report.place],
    [names.points, String(report.points)],
  ]);
  const plans = report.plans.map(({ plan, isNew, missingSources }) => [
    plan.name,
    isNew ? names.added : names.yes,
    missingSources.join(', '),
  ]);
  if (plans.length === 0) return formatBlocks(facts, names['no-plans']);
  const columns = [{ title: names.plan }, { title: names.state }, { title: names.missing }];
  return formatBlocks(facts, formatTable(columns, plans));
}
