// holdfast restore POINT|latest --at PLACE --into DIR | --in-place [...]
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { WantedPoint } from '../../jobs/find-point.ts';
import { restoreFolderJob } from '../../jobs/restore-folder-job.ts';
import { planInPlaceJob, restoreInPlaceJob } from '../../jobs/restore-in-place-job.ts';
import { restoreRowsJob } from '../../jobs/restore-rows-job.ts';
import { resolvePlace } from '../place-argument.ts';
import { parseMoment, parsePoint } from '../point-argument.ts';
import {
  answerFolderRestore,
  answerInPlacePlan,
  answerInPlaceRestore,
  answerRowRestore,
} from '../restore-answer.ts';
import { parseRowSelections } from '../row-selection.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';

interface RestoreOptions {
  readonly at: string;
  readonly into?: string;
  readonly inPlace?: boolean;
  readonly only?: string;
  readonly before?: string;
  readonly table?: readonly string[];
  readonly rows?: readonly string[];
  readonly undo: boolean;
  readonly dryRun?: boolean;
  readonly exact?: boolean;
  readonly keepChanged?: boolean;
  readonly children: boolean;
  readonly mapColumns?: boolean;
}

const examples = `
Examples:
  $ holdfast restore latest --at /mnt/usb/crm --into /tmp/crm
  $ holdfast restore latest --before "2026-11-20 18:00" --at /mnt/usb/crm --in-place
  $ holdfast restore 8f19 --at /mnt/usb/crm --in-place --rows contacts:17,18 --rows notes:5`;

/** Adds `restore`. */
export function addRestoreCommand(program: Command, run: RunCommand): void {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [
    ...before,
    value,
  ];
  program
    .command('restore')
    .description('bring data back: into a folder, or in place, as a whole or in parts')
    .argument('<point>', 'latest, the id or its beginning, or a moment')
    .requiredOption('--at <place>', 'folder of the vault')
    .addOption(new Option('--into <folder>', 'restore into this folder').conflicts('inPlace'))
    .option('--in-place', 'put it back where it was; the present state is kept first')
    .option('--only <file>', 'one CRM database or folder by name, or one file of a folder')
    .option('--before <moment>', 'with latest: the newest restore point up to this moment')
    .option('--table <table>', 'in place: the rows of this table (repeatable)', collect)
    .option('--rows <table:ids>', 'in place: these rows by key (repeatable)', collect)
    .option('--exact', 'with --table: rows that were added since go')
    .option('--keep-changed', 'rows that exist now with other content stay as they are')
    .option('--no-children', 'rows that were deleted together with a chosen one do not come along')
    .option('--map-columns', 'a table that looks different now: carry over what both have')
    .option('--no-undo', 'in place: go on even if the present state cannot be kept')
    .option('--dry-run', 'in place: only show what would be done')
    .addHelpText('after', examples)
    .action(async (point: string, options: RestoreOptions, command: Command) =>
      run(command, async (session) => restore(session, point, options)),
    );
}

async function restore(
  session: CliSession,
  text: string,
  options: RestoreOptions,
): Promise<Answer> {
  const wanted = wantedPoint(session, text, options.before);
  const place = resolvePlace(session, options.at);
  const only = options.only ?? null;
  const hasRows = options.table !== undefined || options.rows !== undefined;
  checkOptions(options, hasRows);
  if (options.into !== undefined) {
    const folder = resolve(session.cwd, options.into);
    const request = { place, wanted, only, folder };
    const report = await restoreFolderJob(session.engine, request, session.context);
    return answerFolderRestore(session, report);
  }
  if (hasRows) return restoreRows(session, { place, wanted, only }, options);
  const request = { place, wanted, only, goOnWithoutUndo: !options.undo };
  if (options.dryRun === true) {
    const planned = await planInPlaceJob(session.engine, request, session.context);
    return answerInPlacePlan(session, planned);
  }
  const restored = await restoreInPlaceJob(session.engine, request, session.context);
  return answerInPlaceRestore(session, restored);
}

async function restoreRows(
  session: CliSession,
  from: { readonly place: string; readonly wanted: WantedPoint; readonly only: string | null },
  options: RestoreOptions,
): Promise<Answer> {
  const report = await restoreRowsJob(
    session.engine,
    {
      ...from,
      rows: parseRowSelections(options.table ?? [], options.rows ?? []),
      options: {
        onConflict: options.keepChanged === true ? 'keep' : 'replace',
        withChildren: options.children,
        addedSince: options.exact === true ? 'remove' : 'keep',
        onSchemaDifference: options.mapColumns === true ? 'map' : 'refuse',
      },
      goOnWithoutUndo: !options.undo,
      isDryRun: options.dryRun === true,
    },
    session.context,
  );
  return answerRowRestore(session, report);
}

function wantedPoint({ clock }: CliSession, text: string, before: string | undefined): WantedPoint {
  const wanted = parsePoint(text, clock);
  if (before === undefined) return wanted;
  if (wanted.kind === 'latest') return { kind: 'before', atMs: parseMoment(before, clock) };
  throw new BackupError({ code: 'usage', detail: '--before goes with latest' });
}

function checkOptions(options: RestoreOptions, hasRows: boolean): void {
  const refuse = (detail: string): never => {
    throw new BackupError({ code: 'usage', detail });
  };
  if (options.into === undefined && options.inPlace !== true) {
    refuse('say where to: --into FOLDER or --in-place');
  }
  if (hasRows && options.into !== undefined) refuse('--table and --rows go with --in-place');
  if (options.into !== undefined && options.dryRun === true)
    refuse('--dry-run goes with --in-place');
  const isRowOption =
    options.exact ?? options.keepChanged ?? options.mapColumns ?? !options.children;
  if (!hasRows && isRowOption) {
    refuse('--exact, --keep-changed, --no-children and --map-columns go with --table or --rows');
  }
}
