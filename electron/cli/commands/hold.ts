// holdfast hold POINT --at PLACE --reason TEXT; holdfast release HOLD --at PLACE
import type { Command } from 'commander';
import { holdJob, releaseJob } from '../../jobs/hold-job.ts';
import { resolvePlace } from '../place-argument.ts';
import { parsePoint } from '../point-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatFacts } from '../text-table.ts';

/** Adds `hold` and `release`. */
export function addHoldCommands(program: Command, run: RunCommand): void {
  program
    .command('hold')
    .description('keep a restore point whatever the keep rules say, until it is released')
    .argument('<point>', 'latest, the id or its beginning, or a moment')
    .requiredOption('--at <place>', 'folder of the vault')
    .requiredOption('--reason <text>', 'why it must stay')
    .addHelpText(
      'after',
      '\nExample:\n  $ holdfast hold latest --at /mnt/usb/crm --reason "tax audit 2026"',
    )
    .action(async (point: string, options: { at: string; reason: string }, command: Command) =>
      run(command, async (session) => hold(session, point, options)),
    );
  program
    .command('release')
    .description('end a hold; `holdfast points --json` lists them')
    .argument('<hold>', 'the id of the hold or its beginning')
    .requiredOption('--at <place>', 'folder of the vault')
    .addHelpText('after', '\nExample:\n  $ holdfast release 4c1f --at /mnt/usb/crm')
    .action(async (id: string, options: { at: string }, command: Command) =>
      run(command, async (session) => release(session, id, options.at)),
    );
}

async function hold(
  session: CliSession,
  text: string,
  { at, reason }: { readonly at: string; readonly reason: string },
): Promise<Answer> {
  const { engine, context, clock, labels } = session;
  const place = resolvePlace(session, at);
  const held = await holdJob(engine, { place, wanted: parsePoint(text, clock), reason }, context);
  const facts = formatFacts([
    [labels.names.held, held.point],
    [labels.names.hold, held.hold],
    [labels.names.reason, reason],
  ]);
  return { document: { ...held, reason }, text: facts };
}

async function release(session: CliSession, id: string, at: string): Promise<Answer> {
  const { engine, context, labels } = session;
  const place = resolvePlace(session, at);
  await releaseJob(engine, { place, hold: id.toLowerCase() }, context);
  return { document: {}, text: labels.names.released };
}
