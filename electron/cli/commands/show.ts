// holdfast show POINT --at PLACE
import type { Command } from 'commander';
import { formatBytes } from '../../../shared/text/bytes.ts';
import { formatMoment } from '../../../shared/text/moments.ts';
import { showPoint, type PointContent } from '../../jobs/show-point.ts';
import { describeSource } from '../backup-answer.ts';
import { resolvePlace } from '../place-argument.ts';
import { parsePoint } from '../point-argument.ts';
import { problemsOf } from '../problems-text.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts, formatTable } from '../text-table.ts';

/** Adds `show`. */
export function addShowCommand(program: Command, run: RunCommand): void {
  program
    .command('show')
    .description('what is inside a restore point: files, tables and row counts, size, kind')
    .argument('<point>', 'latest, the id or its beginning, or a moment')
    .requiredOption('--at <place>', 'folder of the vault')
    .addHelpText('after', '\nExample:\n  $ holdfast show latest --at /mnt/usb/crm')
    .action(async (point: string, options: { at: string }, command: Command) =>
      run(command, async (session) => show(session, point, options.at)),
    );
}

async function show(session: CliSession, text: string, at: string): Promise<Answer> {
  const { engine, context, clock } = session;
  const wanted = parsePoint(text, clock);
  const content = await showPoint(engine, { place: resolvePlace(session, at), wanted }, context);
  const { point } = content;
  return {
    document: {
      point: {
        id: point.id,
        epoch: point.epoch,
        counter: point.counter,
        kind: point.kind,
        parent: point.parent,
        family: point.family,
        planId: point.planId,
        takenAtMs: point.takenAt.ms,
        zone: point.takenAt.zone,
        isTimeDoubtful: point.takenAt.doubtful,
        finishedAtMs: point.finishedAtMs,
        host: point.host,
        app: point.app,
        bytesRead: point.written.readBytes,
        bytesStored: point.written.bytes,
        sources: content.sources.map(({ source, files }) => ({
          ...describeSource(source),
          entries: files,
        })),
        problems: point.problems,
      },
    },
    text: formatContent(session, content),
  };
}

function formatContent(session: CliSession, content: PointContent): string {
  const { labels, locale, clock } = session;
  const { names } = labels;
  const { point } = content;
  const facts = formatFacts([
    [names['restore-point'], point.id],
    [names.taken, formatMoment(point.takenAt.ms, clock.zone())],
    [names.kind, labels.kinds[point.kind]],
    [names['bytes-stored'], formatBytes(point.written.bytes, locale)],
  ]);
  const sources = content.sources.flatMap((source) => formatSource(session, source));
  return formatBlocks(facts, ...sources, problemsOf(session, point.problems));
}

function formatSource(
  { labels, locale }: CliSession,
  { source, files }: PointContent['sources'][number],
): readonly string[] {
  const { names } = labels;
  const bytes = source.pages?.size ?? source.list?.bytes ?? 0;
  const facts = formatFacts([
    [names['crm-data'], source.name],
    [names.path, source.path],
    [names.size, formatBytes(bytes, locale)],
    [names.label, labels.captures[source.label]],
  ]);
  const tables = (source.counts ?? []).map(({ table, rows }) => [table, String(rows)]);
  const entries = files.map((file) => [file.path, file.bytes === null ? '' : String(file.bytes)]);
  const counted = [{ title: names.table }, { title: names.rows, align: 'right' as const }];
  const listed = [{ title: names.file }, { title: names.size, align: 'right' as const }];
  return [
    facts,
    tables.length === 0 ? '' : formatTable(counted, tables),
    entries.length === 0 ? '' : formatTable(listed, entries),
  ];
}
