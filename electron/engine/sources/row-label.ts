// Which column tells a person what a row is: "Weber, Anna" says more than 17. A guess by the columns' names.
import { quoteName } from './quote-name.ts';
import type { TableColumn, TableShape } from './table-shape.ts';

const LONGEST_LABEL = 80;
const givenNames = ['first_name', 'firstname', 'given_name', 'vorname'];
const familyNames = ['last_name', 'lastname', 'family_name', 'surname', 'nachname'];
/** The best first. */
const telling = [
  'full_name',
  'display_name',
  'name',
  'title',
  'subject',
  'label',
  'company',
  'login',
  'email',
  'number',
  'code',
];

/** SQL of a short text for a row of `alias`; a table that has none gives NULL. */
export function labelSql(shape: TableShape, alias: string): string {
  const column = (names: readonly string[]): TableColumn | undefined =>
    names.flatMap((name) => shape.columns.filter((each) => each.name.toLowerCase() === name))[0];
  const [given, family] = [column(givenNames), column(familyNames)];
  const best = column(telling) ?? shape.columns.find((each) => isTelling(each, shape));
  if (given !== undefined && family !== undefined) {
    const [first, last] = [textOf(given, alias), textOf(family, alias)];
    // Chinese, Japanese and Korean names begin with the family, without a space.
    return `CASE WHEN unicode(${last}) >= 11904 THEN ${last} || ${first} ELSE trim(${first} || ' ' || ${last}) END`;
  }
  return best === undefined ? 'NULL' : `nullif(${textOf(best, alias)}, '')`;
}

function isTelling(column: TableColumn, { key }: TableShape): boolean {
  const isKey = key.kind === 'columns' && key.columns.includes(column.name);
  return column.affinity === 'text' && !isKey;
}

function textOf(column: TableColumn, alias: string): string {
  const name = `${alias}.${quoteName(column.name)}`;
  return `CASE WHEN typeof(${name}) = 'blob' THEN '' ELSE substr(coalesce(${name}, ''), 1, ${LONGEST_LABEL}) END`;
}
