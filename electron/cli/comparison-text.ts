// A comparison for people: per table how many rows came, went and changed, with examples.
import type {
  CountComparison,
  DatabaseComparison,
  FileComparison,
  RowChange,
  TableComparison,
} from '../../shared/model/comparison.ts';
import type { CompareReport } from '../jobs/compare-job.ts';
import type { CliSession } from './session.ts';
import { formatBlocks, formatFacts, formatTable, type Column } from './text-table.ts';

/** Only what differs is listed. */
export function formatComparison(session: CliSession, report: CompareReport): string {
  const { names } = session.labels;
  const between = formatFacts([
    [names.before, report.before],
    [names.after, report.after ?? names['live-data']],
  ]);
  const lone = formatFacts([
    ...report.onlyBefore.map((name): [string, string] => [names['only-before'], name]),
    ...report.onlyAfter.map((name): [string, string] => [names['only-after'], name]),
  ]);
  return formatBlocks(
    between,
    lone,
    ...report.sources.flatMap(({ name, result }) => {
      switch (result.kind) {
        case 'identical':
          return [formatFacts([[name, names.identical]])];
        case 'counts':
          return [name, formatCounts(session, result.tables)];
        case 'rows':
          return [name, ...formatDatabase(session, result.database)];
        case 'files':
          return [name, ...formatFiles(session, result.files)];
        case 'opaque':
          return [formatFacts([[name, `${names.differs}: ${result.detail}`]])];
      }
    }),
  );
}

function formatCounts({ labels }: CliSession, tables: readonly CountComparison[]): string {
  const { names } = labels;
  const shown = (rows: number | null): string => (rows === null ? '-' : String(rows));
  return formatTable(
    [{ title: names.table }, right(names.before), right(names.after), right(names.difference)],
    tables.map(({ table, rowsBefore, rowsAfter }) => [
      table,
      shown(rowsBefore),
      shown(rowsAfter),
      signed((rowsAfter ?? 0) - (rowsBefore ?? 0)),
    ]),
  );
}

function formatDatabase(session: CliSession, database: DatabaseComparison): readonly string[] {
  const { names, changes } = session.labels;
  const rows = [
    ...database.tables.map((table) => [
      table.table,
      String(table.rowsBefore),
      String(table.rowsAfter),
      String(table.added),
      String(table.removed),
      String(table.changed),
    ]),
    ...database.onlyBefore.map(({ table, rows: count }) => [
      `${table} (${names['only-before']})`,
      String(count),
      '',
      '',
      String(count),
      '',
    ]),
    ...database.onlyAfter.map(({ table, rows: count }) => [
      `${table} (${names['only-after']})`,
      '',
      String(count),
      String(count),
      '',
      '',
    ]),
  ];
  const table = formatTable(
    [
      { title: names.table },
      right(names.before),
      right(names.after),
      right(names.added),
      right(names.removed),
      right(names.changed),
    ],
    rows,
  );
  const examples = database.tables.flatMap((each) => examplesOf(each, changes));
  const schema = database.schema.map(({ change, kind, name }) => [changes[change], kind, name]);
  return [
    table,
    examples.length === 0
      ? ''
      : formatTable(
          [{ title: names.table }, { title: names.change }, { title: names.key }, { title: '' }],
          examples,
        ),
    schema.length === 0
      ? ''
      : formatTable(
          [{ title: names.change }, { title: names.kind }, { title: names.name }],
          schema,
        ),
  ];
}

function examplesOf(
  { table, examples }: TableComparison,
  changes: Readonly<Record<RowChange, string>>,
): readonly (readonly string[])[] {
  return examples.map(({ change, key, label }) => [table, changes[change], key, label ?? '']);
}

function formatFiles({ labels }: CliSession, files: FileComparison): readonly string[] {
  const { names, changes } = labels;
  const figures = formatTable(
    [
      right(names.before),
      right(names.after),
      right(names.added),
      right(names.removed),
      right(names.changed),
    ],
    [[files.filesBefore, files.filesAfter, files.added, files.removed, files.changed].map(String)],
  );
  const examples = files.examples.map(({ change, path }) => [changes[change], path]);
  const listed = formatTable([{ title: names.change }, { title: names.file }], examples);
  return [figures, examples.length === 0 ? '' : listed];
}

const right = (title: string): Column => ({ title, align: 'right' });
const signed = (count: number): string => (count > 0 ? `+${count}` : String(count));
