// What is said after a backup, by `backup` and by `run`.
import { formatBytes, formatSpeed } from '../../shared/text/bytes.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import type { PointSource } from '../../shared/model/restore-point.ts';
import type { BackupReport } from '../jobs/backup-job.ts';
import { formatActions } from './actions-text.ts';
import { problemsOf } from './problems-text.ts';
import type { Answer, CliSession } from './session.ts';
import { formatBlocks, formatFacts, formatTable } from './text-table.ts';

/** The answer, with the first problem as its failure where some CRM data could not be read. */
export function answerBackup(session: CliSession, report: BackupReport): Answer {
  const [problem] = report.problems;
  return {
    document: documentOf(report),
    text: formatReport(session, report),
    ...(problem === undefined ? {} : { failure: problem.failure }),
  };
}

function documentOf(report: BackupReport): Record<string, unknown> {
  const { point } = report;
  return {
    point: {
      id: point.id,
      kind: point.kind,
      parent: point.parent,
      family: point.family,
      takenAtMs: point.takenAt.ms,
      isTimeDoubtful: point.takenAt.doubtful,
      planId: point.planId,
    },
    fullReason: report.fullReason,
    sources: point.sources.map(describeSource),
    bytesRead: point.written.readBytes,
    bytesStored: point.written.bytes,
    provedBytes: report.provedBytes,
    phases: report.phases,
    durationMs: report.durationMs,
    healedPages: report.healedPages,
    problems: report.problems,
    ...(report.actions.length === 0 ? {} : { actions: report.actions }),
  };
}

/** A source of a restore point as JSON shows it. */
export function describeSource(source: PointSource): Record<string, unknown> {
  const { pages, list } = source;
  return {
    id: source.id,
    name: source.name,
    path: source.path,
    kind: source.kind,
    method: source.method,
    label: source.label,
    capturedAtMs: source.capturedAtMs,
    bytes: pages?.size ?? list?.bytes ?? 0,
    pages:
      pages === null
        ? null
        : {
            path: pages.path,
            pageSize: pages.pageSize,
            pageCount: pages.pageCount,
            changedPages: pages.changedPages,
            storedPages: pages.storedPages,
            root: pages.root,
          },
    files: list?.files ?? null,
    counts: source.counts,
  };
}

function formatReport(session: CliSession, report: BackupReport): string {
  const { labels, locale } = session;
  const { names } = labels;
  const { point } = report;
  const bytes = (count: number): string => formatBytes(count, locale);
  const speed = formatSpeed(
    (point.written.readBytes * 1000) / Math.max(1, report.durationMs),
    locale,
  );
  const facts: [string, string][] = [
    [names['backup-made'], `${point.id}  (${labels.kinds[point.kind]})`],
    [names['bytes-read'], `${bytes(point.written.readBytes)}  ${speed}`],
    [names['bytes-stored'], bytes(point.written.bytes)],
    [names['read-back'], bytes(report.provedBytes ?? 0)],
    [names.duration, formatDuration(report.durationMs, locale)],
  ];
  if (report.fullReason !== null) {
    facts.splice(1, 0, [names['full-because'], labels.fullReasons[report.fullReason]]);
  }
  if (report.healedPages > 0) facts.push([names['healed-pages'], String(report.healedPages)]);
  const sources = formatTable(
    [
      { title: names['crm-data'] },
      { title: names.size, align: 'right' },
      { title: names.label },
      { title: names.method },
      { title: names['changed-pages'], align: 'right' },
    ],
    point.sources.map((source) => [
      source.name,
      bytes(source.pages?.size ?? source.list?.bytes ?? 0),
      labels.captures[source.label],
      labels.methods[source.method],
      source.pages === null ? '' : String(source.pages.changedPages),
    ]),
  );
  return formatBlocks(
    formatFacts(facts),
    sources,
    formatActions(session, report.actions),
    problemsOf(session, report.problems),
  );
}
