// holdfast vault create | info
import type { Command } from 'commander';
import { formatBytes } from '../../../shared/text/bytes.ts';
import { createVaultJob, type CreatedVaultReport } from '../../jobs/create-vault-job.ts';
import { rememberSharePassword } from '../../jobs/remember-secret.ts';
import { describeVault, type VaultDescription } from '../../jobs/describe-vault.ts';
import { newPassphrase } from '../new-passphrase.ts';
import { resolvePlace } from '../place-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts } from '../text-table.ts';

/** Adds `vault` with its subcommands. */
export function addVaultCommand(program: Command, run: RunCommand): void {
  const vault = program.command('vault').description('make a copy at a place, or look at one');
  vault
    .command('create')
    .description('make a vault in an empty folder; prints its recovery key once')
    .argument('<place>', 'the folder; its last part is made if need be')
    .option('--remember', "store the passphrase in the system's keychain")
    .addHelpText('after', '\nExample:\n  $ holdfast vault create /mnt/usb/crm')
    .action(async (place: string, options: { remember?: boolean }, command: Command) =>
      run(command, async (session) => createVault(session, place, options.remember === true)),
    );
  vault
    .command('info')
    .description('what a vault holds and how much room there is')
    .argument('<place>', 'folder of the vault')
    .addHelpText('after', '\nExample:\n  $ holdfast vault info /mnt/usb/crm')
    .action(async (place: string, _options: unknown, command: Command) =>
      run(command, async (session) => showVault(session, place)),
    );
}

async function createVault(session: CliSession, text: string, remember: boolean): Promise<Answer> {
  const place = resolvePlace(session, text);
  const passphrase = await newPassphrase(session, place, {
    file: session.options.passphraseFile,
    variable: session.variables.passphrase,
  });
  const report = await createVaultJob(
    session.engine,
    { place, passphrase, remember },
    session.context,
  );
  await rememberSharePassword(session.engine, place);
  return { document: { ...report }, text: formatCreated(session, report) };
}

function formatCreated({ labels }: CliSession, report: CreatedVaultReport): string {
  const { names } = labels;
  const facts = formatFacts([
    [names['vault-made'], report.place],
    [names['recovery-key'], report.recoveryKey],
    ['restore.mjs SHA-256', report.readerSha256],
  ]);
  return formatBlocks(facts, names['keep-safe']);
}

async function showVault(session: CliSession, text: string): Promise<Answer> {
  const place = resolvePlace(session, text);
  const vault = await describeVault(session.engine, place, session.context);
  return { document: { ...vault }, text: formatVault(session, vault) };
}

function formatVault({ labels, locale }: CliSession, vault: VaultDescription): string {
  const { names } = labels;
  const bytes = (count: number): string => formatBytes(count, locale);
  const facts: [string, string][] = [
    [names.place, vault.place],
    [names.id, vault.vaultId],
    [names.points, String(vault.points)],
    [names.size, bytes(vault.bytes)],
  ];
  if (vault.freeBytes !== null) facts.push([names.free, bytes(vault.freeBytes)]);
  if (vault.holder !== null) facts.push([names.state, vault.holder]);
  return formatFacts(facts);
}
