/** A restore point to start from in tests. */
import type { PlanId, PointId, SourceId, VaultId } from '../../shared/model/ids.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';

export const samplePointSource: PointSource = {
  id: '22222222222222222222222222222222' as SourceId,
  kind: 'sqlite',
  name: 'crm.db',
  path: '/srv/crm/crm.db',
  capturedAtMs: 1_763_700_001_000,
  label: 'transactional',
  method: 'scanned',
  pages: null,
  list: null,
  counts: null,
  marker: null,
};

export const samplePoint: RestorePoint = {
  vaultId: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as VaultId,
  id: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as PointId,
  epoch: 1,
  counter: 1,
  kind: 'full',
  parent: null,
  family: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as PointId,
  planId: '11111111111111111111111111111111' as PlanId,
  takenAt: { ms: 1_763_700_000_000, zone: 'UTC', offsetMinutes: 0, doubtful: false },
  finishedAtMs: 1_763_700_009_000,
  host: 'office-pc',
  app: '0.1.0',
  sources: [samplePointSource],
  packs: [],
  tables: [],
  lists: [],
  written: { packs: [], bytes: 1000, readBytes: 5000 },
  problems: [],
};
