// Finds text in rows, in whatever case. SQLite folds the case of A to Z only, and a person looks for Özdemir as özdemir.
import type Database from 'better-sqlite3';

export interface TextSearch {
  /** To be bound as `@search`. */
  readonly search: string;
  /** A condition that is true where one of these columns contains it; always true for ''. */
  readonly foundSql: (columns: readonly string[]) => string;
}

/** Prepares `database` for it where SQLite alone will not do: that is several times slower. */
export function startTextSearch(database: Database.Database, text: string): TextSearch {
  const search = fold(text);
  const lower = needsFolding(text) ? addFolding(database) : 'lower';
  const foundSql = (columns: readonly string[]): string => {
    const found = columns.map((column) => `instr(${lower}(CAST(${column} AS TEXT)), @search) > 0`);
    return `(${["@search = ''", ...found].join(' OR ')})`;
  };
  return { search, foundSql };
}

/** True for letters beyond A to Z that have two cases; Chinese has one. */
function needsFolding(text: string): boolean {
  return [...text].some(
    (letter) => letter > '\u007f' && letter.toLowerCase() !== letter.toUpperCase(),
  );
}

function addFolding(database: Database.Database): string {
  database.function('holdfast_fold', { deterministic: true }, (value: unknown) =>
    typeof value === 'string' ? fold(value) : null,
  );
  return 'holdfast_fold';
}

const fold = (text: string): string => text.normalize('NFC').toLowerCase();
