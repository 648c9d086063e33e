// Commands that were run around a backup: how they ended and what they put out.
import type { Migration } from './migration.ts';

export const migration0005: Migration = {
  version: 5,
  sql: `ALTER TABLE runs ADD COLUMN actions TEXT NOT NULL DEFAULT '[]';`,
};
