// The files that only together are one database: a dBase table with its memo and index, a SQL Server database with its log,
// a Firebird database in several files. Promise: only names of files that are there, and never the file itself.
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { DBASE_TABLE } from '../../../shared/model/setup.ts';
import { withDescriptor } from './descriptors.ts';
import { parseFirebirdHeader } from './firebird-header.ts';
import { recogniseFormat, SAMPLE_BYTES } from './foreign-formats.ts';
import { readFully } from './wal-frames.ts';

/** Memos (dBase, FoxPro, FlagShip) and indexes of all makers; indexes that were made by hand may have other names. */
const DBASE_COMPANIONS = ['.dbt', '.fpt', '.smt', '.cdx', '.mdx', '.ntx', '.ndx', '.idx'];
const MOST_FILES = 100;

/** Names of the files beside `path` that belong to the same database, in their order. */
export function listCompanions(path: string, format: string): readonly string[] {
  const name = basename(path);
  const found = companionsOf(path, format).filter((file) => file !== name);
  return [...new Set(found)].sort();
}

function companionsOf(path: string, format: string): readonly string[] {
  if (format === DBASE_TABLE) return ofTable(path);
  if (format.startsWith('SQL Server')) return ofSqlServer(path);
  return format === 'Firebird database' ? ofFirebird(path) : [];
}

function ofTable(path: string): readonly string[] {
  const stem = stemOf(path);
  return readdirSync(dirname(path)).filter(
    (name) => DBASE_COMPANIONS.includes(extname(name).toLowerCase()) && stemOf(name) === stem,
  );
}

/** Named alike but for an ending like "_log"; what else lies in that folder is asked by its first bytes. */
function ofSqlServer(path: string): readonly string[] {
  const folder = dirname(path);
  const stem = sqlServerStem(path);
  return readdirSync(folder).filter((name) => {
    if (sqlServerStem(name) !== stem) return false;
    const file = join(folder, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    return (
      stat?.isFile() === true && recogniseFormat(file, stat.size).name.startsWith('SQL Server')
    );
  });
}

function ofFirebird(path: string): readonly string[] {
  const folder = dirname(path);
  const found: string[] = [];
  let file: string | null = basename(path);
  while (file !== null && found.length < MOST_FILES && !found.includes(file)) {
    found.push(file);
    const header = readFirebirdHeader(join(folder, file));
    if (header?.isHeldStill === true) found.push(`${file}.delta`);
    file = header?.nextFile ?? null;
  }
  return found.filter(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false }) !== undefined,
  );
}

function readFirebirdHeader(path: string) {
  return withDescriptor(path, (fd) => {
    const bytes = Buffer.alloc(SAMPLE_BYTES);
    return parseFirebirdHeader(bytes.subarray(0, readFully(fd, bytes, SAMPLE_BYTES, 0)));
  });
}

function stemOf(path: string): string {
  return basename(path, extname(path)).toLowerCase();
}

function sqlServerStem(path: string): string {
  return stemOf(path).replace(/[_-](?:log|data)\d*$/u, '');
}
