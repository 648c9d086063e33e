// What the light is told about copies: a proof counts for its own copy only, and only where there is one.
import { expect, test } from 'vitest';
import { readPairEvidence } from '../../../electron/history/evidence.ts';
import { openHistory } from '../../../electron/history/open-history.ts';
import type { SourceId, VaultId } from '../../../shared/model/ids.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const [vault, other] = ['v', 'w'] as VaultId[];
const [source, sibling] = ['s', 't'] as SourceId[];

test('each copy has the newest proof of its own point, vault and source', async () => {
  using history = openHistory(await makeTemporaryFolder(), 0);
  history.db.exec(
    `INSERT INTO runs (id, kind, started_at_ms, state) VALUES ('r', 'backup', 1, 'ok')`,
  );
  const insert = history.db.prepare(
    `INSERT INTO evidence (run_id, vault_id, source_id, point_id, kind, at_ms, taken_at_ms)
     VALUES ('r', ?, ?, ?, ?, ?, ?)`,
  );
  const copy = (v: unknown, s: unknown, point: string, ms: number) =>
    insert.run(v, s, point, 'copy', ms, ms);
  const proof = (v: unknown, s: unknown, point: string, ms: number) =>
    insert.run(v, s, point, 'read-back', ms, null);
  copy(vault, source, 'late', 30);
  copy(vault, source, 'early', 10);
  // Learnt twice: the first time is when it was taken.
  copy(vault, source, 'early', 11);
  proof(vault, source, 'early', 20);
  proof(vault, source, 'early', 40);
  proof(vault, source, 'gone', 25);
  proof(vault, sibling, 'late', 50);
  proof(other, source, 'late', 60);
  expect(readPairEvidence(history, vault as VaultId, source as SourceId).copies).toEqual([
    { point: 'early', takenAtMs: 10, readBackAtMs: 40 },
    { point: 'late', takenAtMs: 30, readBackAtMs: null },
  ]);
});
