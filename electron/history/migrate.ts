// Brings a history to the newest schema, step by step, in one transaction: an interrupted migration leaves the old one.
import type Database from 'better-sqlite3';
import { migration0001 } from './migrations/0001-runs.ts';
import { migration0002 } from './migrations/0002-evidence.ts';
import { migration0003 } from './migrations/0003-undo.ts';
import { migration0004 } from './migrations/0004-disks.ts';
import { migration0005 } from './migrations/0005-actions.ts';
import type { Migration } from './migrations/migration.ts';

/** All steps, in order. */
export const migrations: readonly Migration[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
];

/** A history written by a newer Holdfast. */
export class NewerHistoryError extends Error {
  override readonly name = 'NewerHistoryError';
}

/** Runs the missing steps up to `toVersion`; returns the version that was there. Throws NewerHistoryError. */
export function migrate(db: Database.Database, toVersion: number = migrations.length): number {
  const run = db.transaction((): number => {
    const before = db.pragma('user_version', { simple: true }) as number;
    if (before > migrations.length) throw new NewerHistoryError(`history version ${before}`);
    for (const { version, sql } of migrations.slice(before, Math.max(before, toVersion))) {
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
    }
    return before;
  });
  // Immediate: of two processes that start together the second waits and then finds the work done.
  return run.immediate();
}
