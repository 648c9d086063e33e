// holdfast backup --to PLACE SOURCE...
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { BackupKind } from '../../../shared/model/restore-point.ts';
import { backupJob } from '../../jobs/backup-job.ts';
import { warnOfOwnDisk } from '../../jobs/warn-of-own-disk.ts';
import { answerBackup } from '../backup-answer.ts';
import { resolvePlace } from '../place-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';

interface BackupOptions {
  readonly to: string;
  readonly kind: BackupKind | 'auto';
  readonly scan?: boolean;
}

/** Adds `backup`. */
export function addBackupCommand(program: Command, run: RunCommand): void {
  program
    .command('backup')
    .description('make a restore point of database files and folders, and read it back')
    .argument('<source...>', 'database files or folders')
    .requiredOption('--to <place>', 'folder of the vault')
    .addOption(
      new Option('--kind <kind>', 'what to build on')
        .choices(['auto', 'full', 'incremental', 'differential'])
        .default('auto'),
    )
    .option('--scan', 'read every page even where the write-ahead log tells what changed')
    .addHelpText('after', '\nExample:\n  $ holdfast backup --to /mnt/usb/crm /srv/crm/crm.db')
    .action(async (sources: string[], options: BackupOptions, command: Command) =>
      run(command, async (session) => backUp(session, sources, options)),
    );
}

async function backUp(
  session: CliSession,
  sources: readonly string[],
  options: BackupOptions,
): Promise<Answer> {
  const { engine, context, cwd } = session;
  const place = resolvePlace(session, options.to);
  const paths = sources.map((source) => resolve(cwd, source));
  const report = await backupJob(
    engine,
    {
      place,
      sources: paths.map((path) => ({ path, id: null, name: null })),
      kind: options.kind,
      forceScan: options.scan === true,
      readBack: true,
      planId: null,
      expectedVault: null,
    },
    context,
  );
  await warnOfOwnDisk(engine, place, paths);
  return answerBackup(session, report);
}
