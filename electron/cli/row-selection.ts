// `--table T` and `--rows T:ID,ID` as the engine takes them.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { RowSelection } from '../../shared/model/row-restore.ts';

/** A comma inside an id is written `\,`. Throws usage for what names no table or no id. */
export function parseRowSelections(
  tables: readonly string[],
  rows: readonly string[],
): readonly RowSelection[] {
  const whole = tables.map((table): RowSelection => ({ table, keys: 'all' }));
  return [...whole, ...rows.map(parseRows)];
}

function parseRows(text: string): RowSelection {
  const [, table, list] = /^([^:]+):(.+)$/su.exec(text) ?? [];
  if (table === undefined || list === undefined) {
    const detail = `${text} does not say which rows of which table, such as contacts:17,18`;
    throw new BackupError({ code: 'usage', detail });
  }
  const keys = list.split(/(?<!\\),/u).map((key) => key.replaceAll('\\,', ','));
  if (keys.includes('')) {
    throw new BackupError({ code: 'usage', detail: `${text} has an empty id` });
  }
  return { table, keys };
}
