/**
 * Databases of other makers for tests. dBase and FoxPro tables are written by Debian's python3-dbf; for Access, FileMaker and
 * SQL Server no tool of Debian writes any: these are headers as they are documented, with pages of chance behind them.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';

export type HeaderSample = 'jet3' | 'jet4' | 'ace' | 'filemaker' | 'mdf' | 'ldf';

/** By mdbtools' HACKING, PRONOM's fmt/194 and a published dump of the first page of a .mdf. */
const starts: Readonly<Record<HeaderSample, Buffer>> = {
  jet3: Buffer.from('\0\x01\0\0Standard Jet DB\0\0', 'latin1'),
  jet4: Buffer.from('\0\x01\0\0Standard Jet DB\0\x01', 'latin1'),
  ace: Buffer.from('\0\x01\0\0Standard ACE DB\0\x02', 'latin1'),
  filemaker: Buffer.from('\0\x01\0\0\0\x02\0\x01\0\x05\0\x02\0\x02\xc0HBAM7', 'latin1'),
  mdf: sqlServerStart(99, 1),
  ldf: sqlServerStart(0, 2),
};

export const samplePageSizes: Readonly<Record<HeaderSample, number>> = {
  jet3: 2_048,
  jet4: 4_096,
  ace: 4_096,
  filemaker: 4_096,
  mdf: 8_192,
  ldf: 8_192,
};

function sqlServerStart(objectId: number, fileId: number): Buffer {
  const page = Buffer.alloc(96);
  page.writeUInt32BE(0x010f_0000, 0);
  page.writeUInt32LE(objectId, 24);
  page.writeUInt16LE(fileId, 36);
  return page;
}

/** A file of so many pages that begins like one of these. */
export function writeHeaderSample(path: string, sample: HeaderSample, pages = 50): Buffer {
  const bytes = randomBytes(pages * samplePageSizes[sample]);
  // The first page as a database has it: mostly empty.
  bytes.fill(0, 0, 1024);
  starts[sample].copy(bytes);
  writeFileSync(path, bytes);
  return bytes;
}

/** Fills whole pages of the sample with other bytes. */
export function changePages(path: string, pageSize: number, pages: readonly number[]): Buffer {
  const file = openSync(path, 'r+');
  for (const page of pages) writeSync(file, randomBytes(pageSize), 0, pageSize, page * pageSize);
  closeSync(file);
  return readFileSync(path);
}

/** The lock file of Access: a record of 64 bytes for each user. */
export function writeAccessLock(
  path: string,
  users: readonly (readonly [computer: string, user: string])[],
): void {
  const records = users.map(([computer, user]) => {
    const record = Buffer.alloc(64);
    record.write(computer, 0, 'latin1');
    record.write(user, 32, 'latin1');
    return record;
  });
  writeFileSync(path, Buffer.concat(records));
}

/** Debian's own Python: another one has none of its modules. */
const DEBIAN_PYTHON = '/usr/bin/python3';

const writeTables = `
import dbf, sys
kind, rows, paths = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
for path in paths:
    table = dbf.Table(path, 'name C(30); saldo N(10,2); notiz M', dbf_type=kind)
    table.open(mode=dbf.READ_WRITE)
    for row in range(rows):
        table.append(('Kunde %d' % row, row * 1.5, 'Notiz %d ' % row * 20))
    table.close()
`;

/** Tables with a memo file each: .dbt for dBase III, .fpt for FoxPro (`fp`) and Visual FoxPro (`vfp`). */
export function writeDbaseTables(
  kind: 'db3' | 'fp' | 'vfp',
  rows: number,
  ...paths: readonly string[]
): void {
  execFileSync(DEBIAN_PYTHON, ['-c', writeTables, kind, String(rows), ...paths]);
}

const readTable = `
import dbf, sys
table = dbf.Table(sys.argv[1])
table.open(mode=dbf.READ_ONLY)
for row in table: print(row.name.strip(), row.saldo, row.notiz.strip(), sep='|')
`;

/** All records of a table with their memos, read by the library that wrote it. */
export function readDbaseTable(path: string): readonly string[] {
  const out = execFileSync(DEBIAN_PYTHON, ['-c', readTable, path], { encoding: 'utf8' });
  return out.trim().split('\n');
}
