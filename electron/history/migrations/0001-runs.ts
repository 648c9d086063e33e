// Runs: one row for each execution; figures as numbers, failures and problems as JSON codes with facts.
import type { Migration } from './migration.ts';

export const migration0001: Migration = {
  version: 1,
  sql: `
    CREATE TABLE runs (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      plan_id TEXT,
      vault_id TEXT,
      place TEXT,
      process TEXT,
      started_at_ms INTEGER NOT NULL,
      ended_at_ms INTEGER,
      state TEXT NOT NULL,
      point_id TEXT,
      bytes_read INTEGER NOT NULL DEFAULT 0,
      bytes_stored INTEGER NOT NULL DEFAULT 0,
      phase_ms TEXT NOT NULL DEFAULT '{}',
      problems TEXT NOT NULL DEFAULT '[]',
      failure TEXT,
      is_rebuilt INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX runs_by_time ON runs (started_at_ms);
    CREATE INDEX runs_by_point ON runs (vault_id, point_id);
  `,
};
