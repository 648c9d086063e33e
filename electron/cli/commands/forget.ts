// holdfast forget --at PLACE --keep-... [--dry-run]
import { InvalidArgumentError, type Command } from 'commander';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { keepEverything, type KeepRules } from '../../../shared/model/keep-rules.ts';
import { formatMoment } from '../../../shared/text/moments.ts';
import { keepReasonWords } from '../../../shared/text/retention-words.ts';
import { forgetJob, type ForgetReport } from '../../jobs/forget-job.ts';
import { parseCount } from '../parse-count.ts';
import { resolvePlace } from '../place-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import { shortId } from '../short-id.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatTable } from '../text-table.ts';

interface ForgetOptions {
  readonly at: string;
  readonly keepLast?: number;
  readonly keepWithin?: number;
  readonly keepHourly?: number;
  readonly keepDaily?: number;
  readonly keepWeekly?: number;
  readonly keepMonthly?: number;
  readonly keepYearly?: number;
  readonly dryRun?: boolean;
}

/** Adds `forget`. */
export function addForgetCommand(program: Command, run: RunCommand): void {
  program
    .command('forget')
    .description('drop restore points that no keep rule wants; held ones and the newest stay')
    .requiredOption('--at <place>', 'folder of the vault')
    .option('--keep-last <n>', 'the newest n', parseCount)
    .option('--keep-within <time>', 'all younger than this: 36h, 14d, 8w', parseSpan)
    .option('--keep-hourly <n>', 'the newest of each of the last n hours', parseCount)
    .option('--keep-daily <n>', 'the newest of each of the last n days', parseCount)
    .option('--keep-weekly <n>', 'the newest of each of the last n weeks', parseCount)
    .option('--keep-monthly <n>', 'the newest of each of the last n months', parseCount)
    .option('--keep-yearly <n>', 'the newest of each of the last n years', parseCount)
    .option('--dry-run', 'only show what would stay and go, with the reasons')
    .addHelpText(
      'after',
      '\nExample:\n  $ holdfast forget --at /mnt/usb/crm --keep-last 10 --keep-daily 30 --dry-run',
    )
    .action(async (options: ForgetOptions, command: Command) =>
      run(command, async (session) => forget(session, options)),
    );
}

async function forget(session: CliSession, options: ForgetOptions): Promise<Answer> {
  const rules = rulesOf(options);
  if (Object.values(rules).every((rule) => rule === null)) {
    const detail = 'at least one keep rule is needed, such as --keep-last 10';
    throw new BackupError({ code: 'usage', detail });
  }
  const report = await forgetJob(
    session.engine,
    {
      place: resolvePlace(session, options.at),
      rules,
      zone: session.clock.zone(),
      isDryRun: options.dryRun === true,
      planId: null,
      expectedVault: null,
    },
    session.context,
  );
  return {
    document: {
      isDryRun: report.isDryRun,
      keep: report.keep.map(({ point, reasons }) => ({
        id: point.id,
        takenAtMs: point.takenAt.ms,
        reasons: reasons.map((reason) => ({
          ...reason,
          words: keepReasonWords(reason, session.locale),
        })),
      })),
      remove: report.remove.map(({ id, takenAt }) => ({ id, takenAtMs: takenAt.ms })),
      unreadable: report.unreadable,
    },
    text: formatReport(session, report),
  };
}

function rulesOf(options: ForgetOptions): KeepRules {
  return {
    ...keepEverything,
    last: options.keepLast ?? null,
    withinMs: options.keepWithin ?? null,
    hourly: options.keepHourly ?? null,
    daily: options.keepDaily ?? null,
    weekly: options.keepWeekly ?? null,
    monthly: options.keepMonthly ?? null,
    yearly: options.keepYearly ?? null,
  };
}

function formatReport({ labels, locale, clock }: CliSession, report: ForgetReport): string {
  const { names } = labels;
  const moment = (atMs: number): string => formatMoment(atMs, clock.zone());
  const stays = report.keep.map(({ point, reasons }) => [
    shortId(point.id),
    moment(point.takenAt.ms),
    labels.kinds[point.kind],
    reasons.map((reason) => keepReasonWords(reason, locale)).join(', '),
  ]);
  const goes = report.remove.map((point) => [
    shortId(point.id),
    moment(point.takenAt.ms),
    labels.kinds[point.kind],
    report.isDryRun ? names['would-go'] : names.removed,
  ]);
  const columns = [
    { title: names['restore-point'] },
    { title: names.taken },
    { title: names.kind },
    { title: names.stays },
  ];
  return formatBlocks(
    formatTable(columns, stays),
    goes.length === 0
      ? names['nothing-removed']
      : formatTable([...columns.slice(0, 3), { title: names.state }], goes),
  );
}

const HOUR_MS = 3_600_000;
const unitMs: Readonly<Record<string, number>> = {
  h: HOUR_MS,
  d: 24 * HOUR_MS,
  w: 7 * 24 * HOUR_MS,
};

function parseSpan(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([hdw])$/u.exec(text) ?? [];
  const spanMs = Number(count) * (unitMs[unit] ?? 0);
  if (spanMs === 0) throw new InvalidArgumentError('it must be a time such as 36h, 14d or 8w.');
  return spanMs;
}
