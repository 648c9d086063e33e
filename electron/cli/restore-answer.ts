// What is said after a restore, or before one that is only foreseen.
import type { TableRestore } from '../../shared/model/row-restore.ts';
import { formatBytes, formatSpeed } from '../../shared/text/bytes.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import { formatMoment } from '../../shared/text/moments.ts';
import type { RestoreFolderReport } from '../jobs/restore-folder-job.ts';
import type { PlannedInPlace, RestoredInPlace } from '../jobs/restore-in-place-job.ts';
import type { RestoreRowsReport } from '../jobs/restore-rows-job.ts';
import { problemsOf } from './problems-text.ts';
import { shortId } from './short-id.ts';
import type { Answer, CliSession } from './session.ts';
import { formatBlocks, formatFacts, formatTable } from './text-table.ts';

/** After `--into`. */
export function answerFolderRestore(session: CliSession, report: RestoreFolderReport): Answer {
  const { labels, locale } = session;
  const { names } = labels;
  const { databases, files, bytes, problems, phases, durationMs, folder, point } = report;
  const [problem] = problems;
  const speed = formatSpeed((bytes * 1000) / Math.max(1, durationMs), locale);
  const facts = formatFacts([
    [names.restored, folder],
    [names['restore-point'], point.id],
    [names.size, `${formatBytes(bytes, locale)}  ${speed}`],
    [names.files, String(files + databases.length)],
    [names.duration, formatDuration(durationMs, locale)],
  ]);
  return {
    document: {
      point: point.id,
      folder,
      databases: databases.map(({ source, ...database }) => ({
        source: source.id,
        name: source.name,
        ...database,
      })),
      files,
      bytes,
      phases,
      durationMs,
      problems,
    },
    text: formatBlocks(facts, problemsOf(session, problems)),
    ...(problem === undefined ? {} : { failure: problem.failure }),
  };
}

/** After `--in-place`. */
export function answerInPlaceRestore(
  session: CliSession,
  restored: readonly RestoredInPlace[],
): Answer {
  const { labels, locale, clock } = session;
  const { names } = labels;
  const blocks = restored.map((one) => {
    const facts: [string, string][] = [
      [names.restored, one.target],
      [names['restore-point'], one.point],
      [names.size, formatBytes(one.bytes, locale)],
      [names.way, labels.ways[one.way.kind]],
      [names['safety-point'], placeOfSafety(session, one.safety)],
    ];
    if (one.undoUntilMs !== null) {
      const until = formatMoment(one.undoUntilMs, clock.zone());
      facts.push([names['undo-with'], `holdfast undo ${shortId(one.run)}  (${until})`]);
    }
    return formatFacts(facts);
  });
  return {
    document: {
      restored: restored.map(({ source, ...one }) => ({
        ...one,
        source: source.id,
        name: source.name,
      })),
    },
    text: formatBlocks(...blocks),
  };
}

function placeOfSafety({ labels }: CliSession, safety: RestoredInPlace['safety']): string {
  if (safety === null) return '-';
  if (safety.kind === 'folder') return safety.path;
  return `${safety.place}  ${labels.names['restore-point']} ${shortId(safety.point)}`;
}

/** With `--in-place --dry-run`. */
export function answerInPlacePlan(
  { labels, locale }: CliSession,
  planned: readonly PlannedInPlace[],
): Answer {
  const { names } = labels;
  const rows = planned.map(({ target, way, neededBytes, heldBy }) => [
    target,
    labels.ways[way.kind],
    formatBytes(neededBytes, locale),
    (heldBy ?? []).join(', '),
  ]);
  const columns = [
    { title: names.file },
    { title: names.way },
    { title: names.needed, align: 'right' as const },
    { title: names['open-in'] },
  ];
  return {
    document: {
      isDryRun: true,
      planned: planned.map(({ source, ...one }) => ({
        ...one,
        source: source.id,
        name: source.name,
      })),
    },
    text: formatTable(columns, rows),
  };
}

/** After `--table` and `--rows`, and before them. */
export function answerRowRestore(session: CliSession, report: RestoreRowsReport): Answer {
  const { labels, clock } = session;
  const { names } = labels;
  const { result, undoUntilMs, isDryRun, run, point, target } = report;
  const facts: [string, string][] = [
    [isDryRun ? names['would-restore'] : names.restored, target],
    [names['restore-point'], point],
  ];
  if (undoUntilMs !== null) {
    const until = formatMoment(undoUntilMs, clock.zone());
    facts.push([names['undo-with'], `holdfast undo ${shortId(run)}  (${until})`]);
  }
  return {
    document: { run, point, target, isDryRun, undoUntilMs, ...result },
    text: formatBlocks(
      formatFacts(facts),
      formatRestoredTables(session, result.tables),
      formatClashes(session, result.clashes),
      result.warnings.map((warning) => labels.rowWarning(warning)).join('\n'),
    ),
  };
}

function formatRestoredTables({ labels }: CliSession, tables: readonly TableRestore[]): string {
  const { names } = labels;
  const columns = [
    'missing-back',
    'changed-back',
    'unchanged',
    'parents',
    'children',
    'relinked',
    'removed',
  ] as const;
  return formatTable(
    [
      { title: names.table },
      ...columns.map((name) => ({ title: names[name], align: 'right' as const })),
    ],
    tables.map((table) => [
      table.table,
      ...[
        table.missing,
        table.changed,
        table.unchanged,
        table.parents,
        table.children,
        table.relinked,
        table.removed,
      ].map(String),
    ]),
  );
}

function formatClashes(
  { labels }: CliSession,
  clashes: RestoreRowsReport['result']['clashes'],
): string {
  if (clashes.length === 0) return '';
  const { names } = labels;
  return formatTable(
    [{ title: names.clash }, { title: names.rows }, { title: names['now-of'] }],
    clashes.map(({ table, key, columns, heldBy }) => [
      `${table}: ${columns.join(', ')}`,
      key,
      heldBy,
    ]),
  );
}
