/** The CRM's database as the trials see it: changed by transactions that are durable, told apart by all of its rows. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { sampleCrmTables } from '../sample-crm-schema.ts';

/** One transaction over a part of all contacts, spread over the file. */
export function changeCrm(path: string, seed: number, share: number): void {
  const db = new Database(path, { fileMustExist: true });
  try {
    // Works without shared memory, too, which a network share has not.
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('synchronous = FULL');
    const every = Math.max(1, Math.round(1 / share));
    db.transaction(() => {
      db.prepare('UPDATE contacts SET score = ?, city = ? WHERE id % ? = 0').run(
        seed % 101,
        // Not to be compressed away: what is stored has to be as much as what was changed.
        createHash('sha512').update(`city ${seed}`).digest('base64'),
        every,
      );
      db.prepare('UPDATE notes SET body = hex(randomblob(400)) WHERE id % ? = 0').run(every);
    })();
  } finally {
    db.close();
  }
}

/** The same by another computer that shares the folder: a copy is changed, and its bytes written into the file. */
export function changeElsewhere(from: string, to: string, change: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'crm-elsewhere-'));
  try {
    const copy = join(folder, basename(to));
    copyFileSync(from, copy);
    change(copy);
    copyFileSync(copy, to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All rows of all tables in one digest, or what is wrong. Looks at a copy: nobody's locks or files are touched. */
export function digestOfCrm(path: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'crm-look-'));
  try {
    const copy = join(folder, basename(path));
    if (!existsSync(path)) return 'missing';
    for (const suffix of ['', '-wal', '-journal']) {
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    }
    return digestOfCopy(copy);
  } catch (error) {
    return `damaged: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function digestOfCopy(path: string): string {
  const db = new Database(path, { fileMustExist: true });
  try {
    const sound = db.pragma('integrity_check', { simple: true });
    if (sound !== 'ok') return `damaged: ${String(sound).slice(0, 200)}`;
    const hash = createHash('sha256');
    for (const table of sampleCrmTables) {
      hash.update(`\n${table}\n`);
      for (const row of db.prepare(`SELECT * FROM ${table} ORDER BY 1`).raw().iterate()) {
        hash.update(JSON.stringify(row));
      }
    }
    return hash.digest('hex').slice(0, 16);
  } finally {
    db.close();
  }
}
