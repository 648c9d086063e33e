// Plain tables and lists of facts for people: no lines, no colours, readable when piped.
import { displayWidth, printable } from './printable.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Columns two spaces apart; a table without rows is its titles alone. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(clean));
  const widths = columns.map((_, column) =>
    Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, columns[column]?.align ?? 'left'))
      .join('  ')
      .trimEnd(),
  );
  return lines.join('\n');
}

/** One fact a line, values in a column of their own. */
export function formatFacts(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(0, ...facts.map(([name]) => displayWidth(name)));
  return facts
    .map(([name, value]) => `${pad(clean(name), width, 'left')}  ${clean(value)}`.trimEnd())
    .join('\n');
}

/** Blocks with an empty line between; empty ones are left out. */
export function formatBlocks(...blocks: readonly string[]): string {
  return blocks.filter((block) => block !== '').join('\n\n');
}

const clean = (cell: string): string => printable(cell);

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? space + text : text + space;
}
