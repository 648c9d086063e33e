// The tree of commands. Each lives in a file of its own under commands/.
import { Command } from 'commander';
import { addBackupCommand } from './commands/backup.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addConnectCommand } from './commands/connect.ts';
import { addDrillCommand } from './commands/drill.ts';
import { addExportCommand } from './commands/export.ts';
import { addForgetCommand } from './commands/forget.ts';
import { addHistoryCommand } from './commands/history.ts';
import { addHoldCommands } from './commands/hold.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addKeyCommand } from './commands/key.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addPointsCommand } from './commands/points.ts';
import { addPruneCommand } from './commands/prune.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addRunCommand } from './commands/run.ts';
import { addShowCommand } from './commands/show.ts';
import { addStatusCommand } from './commands/status.ts';
import { addUndoCommand } from './commands/undo.ts';
import { addVaultCommand } from './commands/vault.ts';
import { addVerifyCommand } from './commands/verify.ts';
import type { RunCommand } from './run-cli.ts';
import type { Terminal } from './terminal.ts';

const addCommands = [
  addVaultCommand,
  addInspectCommand,
  addBackupCommand,
  addPointsCommand,
  addShowCommand,
  addRestoreCommand,
  addUndoCommand,
  addCompareCommand,
  addDrillCommand,
  addVerifyCommand,
  addForgetCommand,
  addPruneCommand,
  addExportCommand,
  addHoldCommands,
  addKeyCommand,
  addConnectCommand,
  addPlanCommand,
  addRunCommand,
  addStatusCommand,
  addHistoryCommand,
];

const secrets = `
The passphrase comes from --passphrase-file, HOLDFAST_PASSPHRASE, HOLDFAST_RECOVERY_KEY or the system's keychain; it is
asked for only on a terminal. HOLDFAST_DATA_DIR does what --data-dir does.

A place is a folder, or a network share like smb://anna@nas/copies/crm, which is connected when it is needed. Its password
comes from --share-password-file, HOLDFAST_SHARE_PASSWORD or the keychain; vault create and connect keep it there.

Exit codes: 0 done; 1 unexpected; 2 wrong usage; 3 finished with problems; 4 place missing or unreachable; 5 wrong
passphrase or key; 6 vault damaged; 7 busy; 8 place full; 9 source not found or unreadable; 10 a command
around the backup failed; 130 cancelled.

Example:
  $ holdfast vault create /mnt/usb/crm
  $ holdfast backup --to /mnt/usb/crm /srv/crm/crm.db`;

/** Builds the program; commands report through `run`. */
export function createProgram(version: string, terminal: Terminal, run: RunCommand): Command {
  const program = new Command('holdfast')
    .description('Keeps the database of a CRM recoverable.')
    .version(`holdfast ${version}`, '--version', 'print the version')
    .option('--json', 'print one JSON document on stdout')
    .option('--data-dir <folder>', "folder of Holdfast's own data: plans, history, caches")
    .option('--passphrase-file <file>', 'file with the passphrase in its first line')
    .option('--share-user <name>', 'user of the network share, where its address names none')
    .option('--share-password-file <file>', 'file with the password of the network share')
    .configureHelp({ showGlobalOptions: true, helpWidth: 100 })
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', secrets)
    // What commander refuses is said by our own words, once.
    .configureOutput({
      writeOut: (text) => terminal.answer(text.trimEnd()),
      writeErr: () => undefined,
    })
    .exitOverride();
  for (const add of addCommands) add(program, run);
  return program;
}
