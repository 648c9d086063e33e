// holdfast key change | recovery
import type { Command } from 'commander';
import { keyJob } from '../../jobs/key-job.ts';
import { newPassphrase } from '../new-passphrase.ts';
import { resolvePlace } from '../place-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts } from '../text-table.ts';

interface KeyOptions {
  readonly at: string;
  readonly newPassphraseFile?: string;
}

/** Adds `key` with its subcommands. */
export function addKeyCommand(program: Command, run: RunCommand): void {
  const key = program
    .command('key')
    .description('change what opens a vault; its data stays as it is');
  key
    .command('change')
    .description('set a new passphrase, with the present passphrase or the recovery key')
    .requiredOption('--at <place>', 'folder of the vault')
    .option('--new-passphrase-file <file>', 'file with the new one; else HOLDFAST_NEW_PASSPHRASE')
    .addHelpText('after', '\nExample:\n  $ holdfast key change --at /mnt/usb/crm')
    .action(async (options: KeyOptions, command: Command) =>
      run(command, async (session) => changePassphrase(session, options)),
    );
  key
    .command('recovery')
    .description('make a new recovery key and print it once; the old one opens nothing any more')
    .requiredOption('--at <place>', 'folder of the vault')
    .addHelpText('after', '\nExample:\n  $ holdfast key recovery --at /mnt/usb/crm')
    .action(async (options: KeyOptions, command: Command) =>
      run(command, async (session) => renewRecoveryKey(session, options)),
    );
}

async function changePassphrase(session: CliSession, options: KeyOptions): Promise<Answer> {
  const place = resolvePlace(session, options.at);
  const given = {
    file: options.newPassphraseFile ?? null,
    variable: session.variables.newPassphrase,
  };
  const change = {
    kind: 'passphrase',
    newPassphrase: async () => newPassphrase(session, place, given),
  } as const;
  const { vaultId } = await keyJob(
    session.engine,
    { place, expectedVault: null, change },
    session.context,
  );
  return { document: { vaultId }, text: session.labels.names['key-changed'] };
}

async function renewRecoveryKey(session: CliSession, options: KeyOptions): Promise<Answer> {
  const { names } = session.labels;
  const place = resolvePlace(session, options.at);
  const change = { kind: 'recovery-key' } as const;
  const report = await keyJob(
    session.engine,
    { place, expectedVault: null, change },
    session.context,
  );
  const key = formatFacts([[names['recovery-key'], report.recoveryKey ?? '']]);
  return {
    document: { ...report },
    text: formatBlocks(key, names['keep-safe'], names['key-changed']),
  };
}
