// Disks: for each source and vault, whether they were on different disks when both were last seen.
import type { Migration } from './migration.ts';

export const migration0004: Migration = {
  version: 4,
  sql: `
    CREATE TABLE disks (
      vault_id TEXT NOT NULL,
      source_id TEXT NOT NULL,
      is_other INTEGER NOT NULL,
      PRIMARY KEY (vault_id, source_id)
    ) STRICT;
  `,
};
