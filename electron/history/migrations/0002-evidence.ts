// Evidence: what runs found out about each source's copy, and when each vault was last seen.
import type { Migration } from './migration.ts';

export const migration0002: Migration = {
  version: 2,
  sql: `
    CREATE TABLE evidence (
      run_id TEXT NOT NULL REFERENCES runs (id),
      vault_id TEXT NOT NULL,
      source_id TEXT NOT NULL,
      point_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      taken_at_ms INTEGER,
      outcome TEXT,
      recovery_ms INTEGER
    ) STRICT;
    CREATE INDEX evidence_by_source ON evidence (vault_id, source_id);
    CREATE INDEX evidence_by_point ON evidence (vault_id, point_id);
    CREATE TABLE sightings (
      vault_id TEXT PRIMARY KEY,
      place TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      free_bytes INTEGER,
      total_bytes INTEGER
    ) STRICT;
  `,
};
