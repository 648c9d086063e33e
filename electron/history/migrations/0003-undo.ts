// Undo records: where the state before each restore in place lies.
import type { Migration } from './migration.ts';

export const migration0003: Migration = {
  version: 3,
  sql: `
    CREATE TABLE undo (
      run_id TEXT PRIMARY KEY,
      restored_at_ms INTEGER NOT NULL,
      target TEXT NOT NULL,
      safety TEXT NOT NULL,
      target_mark TEXT NOT NULL,
      kept_until_ms INTEGER,
      undone_at_ms INTEGER
    ) STRICT;
  `,
};
