/**
 * Small databases of every shape that matters when rows are compared and brought back: row numbers, text keys, composite
 * keys, WITHOUT ROWID, no key at all, AUTOINCREMENT, unique columns, computed columns, references in circles, triggers.
 */
import type Database from 'better-sqlite3';

/** A whole number below the limit. */
export type Draw = (limit: number) => number;

type KeyKind = 'number' | 'counter' | 'text' | 'pair' | 'clustered-pair' | 'none';

export interface RandomLink {
  readonly columns: readonly string[];
  readonly parent: number;
  readonly onDelete: 'CASCADE' | 'SET NULL' | 'NO ACTION';
}

export interface RandomTable {
  readonly name: string;
  readonly keyKind: KeyKind;
  readonly keys: readonly string[];
  /** Columns besides keys and links that can be written. */
  readonly values: readonly string[];
  readonly uniques: readonly string[];
  readonly links: readonly RandomLink[];
  readonly sql: string;
}

export interface RandomSchema {
  readonly tables: readonly RandomTable[];
  readonly extraSql: readonly string[];
}

const keyKinds: readonly KeyKind[] = [
  'number',
  'number',
  'counter',
  'text',
  'pair',
  'clustered-pair',
  'none',
];
const types = ['', 'INTEGER', 'TEXT', 'REAL', 'BLOB', 'NUMERIC', 'VARCHAR(10) COLLATE NOCASE'];
const names = ['people', 'Order "lines"', 'teams', 'räume'];

const pick = <T>(draw: Draw, items: readonly T[]): T => items[draw(items.length)] as T;
const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const keyColumns: Readonly<Record<KeyKind, readonly string[]>> = {
  number: ['id'],
  counter: ['id'],
  text: ['code'],
  pair: ['a', 'b'],
  'clustered-pair': ['a', 'b'],
  none: [],
};

/** One to four tables that may refer to each other and to themselves. */
export function drawSchema(draw: Draw): RandomSchema {
  const kinds = Array.from({ length: 1 + draw(4) }, () => pick(draw, keyKinds));
  const tables = kinds.map((keyKind, number) => drawTable(draw, kinds, keyKind, number));
  const [first] = tables;
  const extraSql: string[] = [];
  if (first !== undefined && draw(3) === 0) {
    extraSql.push(
      'CREATE TABLE log (what TEXT)',
      `CREATE TRIGGER log_out AFTER DELETE ON ${quote(first.name)} BEGIN INSERT INTO log VALUES ('out'); END`,
      `CREATE TRIGGER log_in AFTER INSERT ON ${quote(first.name)} BEGIN INSERT INTO log VALUES ('in'); END`,
    );
  }
  return { tables, extraSql };
}

function drawTable(
  draw: Draw,
  kinds: readonly KeyKind[],
  keyKind: KeyKind,
  number: number,
): RandomTable {
  const name = names[number] as string;
  const keys = keyColumns[keyKind];
  const values = Array.from({ length: 1 + draw(3) }, (_, index) => `v${index}`);
  const uniques = draw(4) === 0 ? ['u'] : [];
  const links = drawLinks(draw, kinds);
  const definitions = [
    ...keys.map((key) => keyDefinition(keyKind, key)),
    ...values.map((value) => `${value} ${pick(draw, types)}`),
    ...uniques.map((unique) => `${unique} TEXT UNIQUE`),
    ...links.flatMap((link) => link.columns),
    ...(draw(4) === 0 ? [`g AS (typeof(v0) || '!')`] : []),
    ...(draw(4) === 0 ? ['s INTEGER AS (length(v0)) STORED'] : []),
    ...(keys.length > 1 ? [`PRIMARY KEY (${keys.join(', ')})`] : []),
    ...links.map((link) => {
      const parent = quote(names[link.parent] as string);
      return `FOREIGN KEY (${link.columns.join(', ')}) REFERENCES ${parent} ON DELETE ${link.onDelete}`;
    }),
  ];
  const end = keyKind === 'clustered-pair' ? ' WITHOUT ROWID' : '';
  const sql = `CREATE TABLE ${quote(name)} (${definitions.join(', ')})${end}`;
  return { name, keyKind, keys, values, uniques, links, sql };
}

function keyDefinition(kind: KeyKind, key: string): string {
  if (kind === 'number') return `${key} INTEGER PRIMARY KEY`;
  if (kind === 'counter') return `${key} INTEGER PRIMARY KEY AUTOINCREMENT`;
  if (kind === 'text') return `${key} TEXT PRIMARY KEY`;
  return `${key} ${key === 'a' ? 'INTEGER' : 'TEXT'}`;
}

function drawLinks(draw: Draw, kinds: readonly KeyKind[]): readonly RandomLink[] {
  return Array.from({ length: draw(3) }, (_, index): RandomLink | null => {
    const parent = draw(kinds.length);
    const width = keyColumns[kinds[parent] as KeyKind].length;
    const columns = Array.from({ length: width }, (_, part) => `l${index}_${part}`);
    const onDelete = pick(draw, ['CASCADE', 'CASCADE', 'SET NULL', 'NO ACTION'] as const);
    return width === 0 ? null : { columns, parent, onDelete };
  }).filter((link) => link !== null);
}

/** Any value that SQLite keeps. */
export function drawValue(draw: Draw): unknown {
  switch (draw(8)) {
    case 0:
      return null;
    case 1:
      return BigInt(draw(5));
    case 2:
      return draw(5) / 2;
    case 3:
      return pick(draw, ['', 'a', 'A', '1', '01', "it's", '王', 'nul\0in it']);
    case 4:
      return Buffer.from(pick(draw, ['', '00', 'ff00', '61']), 'hex');
    case 5:
      return pick(draw, [9007199254740993n, -9223372036854775808n]);
    case 6:
      return pick(draw, [1e300, -0.5, Infinity]);
    default:
      return pick(draw, ['Anna', 'Weber', 'Müller']);
  }
}

export function drawKey(draw: Draw, kind: KeyKind): readonly unknown[] {
  if (kind === 'text') return [pick(draw, ['x', 'X', 'y/z', String.raw`b\s`, '7', '007', ''])];
  if (kind === 'none') return [];
  if (kind === 'number' || kind === 'counter') return [BigInt(1 + draw(9))];
  return [BigInt(draw(3)), pick(draw, ['p', 'q/r', ''])];
}

/** Makes the tables and some rows; rows that break a rule are left out. References may be broken here and there. */
export function fillDatabase(db: Database.Database, schema: RandomSchema, draw: Draw): void {
  for (const { sql } of schema.tables) db.exec(sql);
  for (const sql of schema.extraSql) db.exec(sql);
  db.pragma('foreign_keys = OFF');
  for (let row = 8 + draw(25); row > 0; row -= 1) insertRow(db, schema, draw);
  if (draw(3) > 0) mendLinks(db, schema);
  // Bytes that are no UTF-8 in a text.
  if (draw(3) === 0) {
    const table = pick(draw, schema.tables);
    tryRun(
      db,
      `UPDATE OR IGNORE ${quote(table.name)} SET v0 = CAST(x'fffe61' AS TEXT) WHERE rowid % 2 = 0`,
      [],
    );
  }
}

function insertRow(db: Database.Database, schema: RandomSchema, draw: Draw): void {
  const table = pick(draw, schema.tables);
  const columns = [
    ...table.keys,
    ...table.values,
    ...table.uniques,
    ...table.links.flatMap((link) => link.columns),
  ];
  const values = [
    ...drawKey(draw, table.keyKind),
    ...table.values.map(() => drawValue(draw)),
    ...table.uniques.map(() => (draw(3) === 0 ? null : `u${draw(9)}`)),
    ...table.links.flatMap((link) => drawLinkValues(draw, schema, link)),
  ];
  tryRun(
    db,
    `INSERT OR IGNORE INTO ${quote(table.name)} (${columns.map(quote).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    values,
  );
}

function drawLinkValues(draw: Draw, schema: RandomSchema, link: RandomLink): readonly unknown[] {
  const parent = schema.tables[link.parent] as RandomTable;
  return draw(4) === 0 ? link.columns.map(() => null) : drawKey(draw, parent.keyKind);
}

/** Empties links that lead nowhere. */
function mendLinks(db: Database.Database, schema: RandomSchema): void {
  for (const table of schema.tables) {
    for (const link of table.links) {
      const parent = schema.tables[link.parent] as RandomTable;
      const same = link.columns
        .map((column, index) => `q.${parent.keys[index]} = t.${column}`)
        .join(' AND ');
      tryRun(
        db,
        `UPDATE ${quote(table.name)} AS t SET ${link.columns.map((column) => `${column} = NULL`).join(', ')}
          WHERE NOT EXISTS (SELECT 1 FROM ${quote(parent.name)} q WHERE ${same})`,
        [],
      );
    }
  }
}

/** What people do after the backup: delete (with what hangs on it), change, add. */
export function changeDatabase(db: Database.Database, schema: RandomSchema, draw: Draw): void {
  db.pragma(`foreign_keys = ${draw(4) === 0 ? 'OFF' : 'ON'}`);
  for (let change = 1 + draw(12); change > 0; change -= 1) {
    const table = pick(draw, schema.tables);
    const name = quote(table.name);
    const row = `(SELECT rowid FROM ${name} ORDER BY rowid LIMIT 1 OFFSET ${draw(6)})`;
    const where =
      table.keyKind === 'clustered-pair'
        ? `(a, b) IN (SELECT a, b FROM ${name} ORDER BY a, b LIMIT 1 OFFSET ${draw(6)})`
        : `rowid = ${row}`;
    const kind = draw(7);
    if (kind <= 1) tryRun(db, `DELETE FROM ${name} WHERE ${where}`, []);
    else if (kind === 2)
      tryRun(db, `UPDATE OR IGNORE ${name} SET v0 = ? WHERE ${where}`, [drawValue(draw)]);
    else if (kind === 3 && table.uniques.length > 0) {
      tryRun(db, `UPDATE OR IGNORE ${name} SET u = ? WHERE ${where}`, [`u${draw(9)}`]);
    } else if (kind === 4) {
      const swapped = 'CASE WHEN v0 = upper(v0) COLLATE BINARY THEN lower(v0) ELSE upper(v0) END';
      tryRun(db, `UPDATE ${name} SET v0 = ${swapped} WHERE typeof(v0) = 'text'`, []);
    } else if (kind === 5 && table.keyKind === 'counter') {
      tryRun(db, 'DELETE FROM sqlite_sequence', []);
    } else insertRow(db, schema, draw);
  }
}

/** A statement that the database's rules refuse changes nothing. */
function tryRun(db: Database.Database, sql: string, values: readonly unknown[]): void {
  try {
    db.prepare(sql).run(...values);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const isRule =
      code.startsWith('SQLITE_CONSTRAINT') || /mismatch|no such column: rowid/.test(String(error));
    if (!isRule) throw error;
  }
}
