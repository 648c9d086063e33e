import { beforeEach, expect, onTestFinished, test } from 'vitest';
import {
  dropEvidence,
  dropVanishedEvidence,
  readPairEvidence,
  readSighting,
  recordSighting,
} from '../../../electron/history/evidence.ts';
import { openHistory, type History } from '../../../electron/history/open-history.ts';
import { rebuildFromPoints } from '../../../electron/history/rebuild-from-points.ts';
import {
  closeInterruptedRuns,
  listRuns,
  readRun,
  recordPhase,
  recordRunEnd,
  recordRunStart,
  type RunEnd,
  type RunStart,
} from '../../../electron/history/runs.ts';
import {
  listOpenUndos,
  readUndo,
  recordUndo,
  recordUndone,
} from '../../../electron/history/undo-records.ts';
import type { PlanId, PointId, RunId, VaultId } from '../../../shared/model/ids.ts';
import { planStatus } from '../../../shared/model/plan-status.ts';
import type { Evidence, UndoRecord } from '../../../shared/model/run.ts';
import { samplePlan } from '../../support/sample-plan.ts';
import { samplePoint, samplePointSource } from '../../support/sample-point.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const hex = (digit: string): string => digit.repeat(32);
const runA = hex('a') as RunId;
const vault = hex('f') as VaultId;
const otherVault = hex('e') as VaultId;
const source = samplePointSource.id;
const p1 = hex('1') as PointId;
const p2 = hex('2') as PointId;
const HOUR = 3_600_000;
const nowMs = Date.parse('2026-11-21T12:00:00Z');

let history: History;
beforeEach(async () => {
  const folder = await makeTemporaryFolder();
  history = openHistory(folder, nowMs);
  onTestFinished(() => history.close());
});

const start = (extra: Partial<RunStart> = {}): RunStart => ({
  id: runA,
  kind: 'backup',
  planId: samplePlan.id,
  vaultId: vault,
  place: '/mnt/usb',
  startedAtMs: nowMs,
  process: 'p1',
  ...extra,
});
const end = (extra: Partial<RunEnd> = {}): RunEnd => ({
  endedAtMs: nowMs + 1000,
  state: 'ok',
  point: p1,
  bytesRead: 5000,
  bytesStored: 1000,
  problems: [],
  failure: null,
  evidence: [],
  ...extra,
});

let nextRun = 0;
/** A whole run with this evidence. */
const learn = (evidence: readonly Evidence[], vaultId = vault): void => {
  nextRun += 1;
  const id = nextRun.toString(16).padStart(32, '0') as RunId;
  expect(recordRunStart(history, start({ id, vaultId }))).toBe(true);
  expect(recordRunEnd(history, id, end({ evidence }))).toBe(true);
};

test('a run comes back with all its figures, problems and its failure', () => {
  recordRunStart(history, start());
  expect(readRun(history, runA)).toMatchObject({ state: 'running', endedAtMs: null });
  recordPhase(history, runA, 'read', 700);
  recordPhase(history, runA, 'safety-point', 40);
  recordPhase(history, runA, 'read', 300);
  const failure = { code: 'place-full', place: '/mnt/usb', neededBytes: 7 } as const;
  const problems = [
    { failure: { code: 'source-missing', path: '/srv/数据.db' } as const, source: '数据.db' },
    { failure: { code: 'cancelled' } as const },
  ];
  expect(recordRunEnd(history, runA, end({ state: 'partial', failure, problems }))).toBe(true);
  expect(readRun(history, runA)).toEqual({
    id: runA,
    kind: 'backup',
    planId: samplePlan.id,
    vaultId: vault,
    place: '/mnt/usb',
    startedAtMs: nowMs,
    endedAtMs: nowMs + 1000,
    state: 'partial',
    point: p1,
    figures: { bytesRead: 5000, bytesStored: 1000, phaseMs: { read: 1000, 'safety-point': 40 } },
    problems,
    failure,
    actions: [],
    isRebuilt: false,
  });
});

test('a run ends once: a late second end does not rewrite it, an unknown run is said', () => {
  recordRunStart(history, start());
  expect(recordRunEnd(history, runA, end({ state: 'cancelled' }))).toBe(true);
  expect(recordRunEnd(history, runA, end({ state: 'ok' }))).toBe(false);
  expect(readRun(history, runA)?.state).toBe('cancelled');
  expect(recordRunEnd(history, hex('9') as RunId, end())).toBe(false);
});

test('a failure code of a newer version is shown as unexpected, not lost', () => {
  recordRunStart(history, start());
  recordRunEnd(history, runA, end({ failure: { code: 'from-the-future' } as never }));
  expect(readRun(history, runA)?.failure).toMatchObject({ code: 'unexpected' });
});

test('a row that somebody mangled hides no other', () => {
  recordRunStart(history, start());
  recordRunStart(history, start({ id: hex('b') as RunId }));
  history.db.exec(`UPDATE runs SET problems = '{' WHERE id = '${runA}'`);
  expect(listRuns(history).map(({ id }) => id)).toEqual([hex('b')]);
});

test('runs are found by kind, plan, vault, state and time, newest first', () => {
  const add = (digit: string, extra: Partial<RunStart>): void => {
    recordRunStart(history, start({ id: hex(digit) as RunId, ...extra }));
  };
  add('1', { startedAtMs: 100 });
  add('2', { startedAtMs: 200, kind: 'verify' });
  add('3', { startedAtMs: 300, planId: hex('c') as PlanId });
  add('4', { startedAtMs: 400, vaultId: otherVault });
  recordRunEnd(history, hex('4') as RunId, end());
  const found = (filter: Parameters<typeof listRuns>[1]): string =>
    listRuns(history, filter)
      .map(({ id }) => id[0])
      .join('');
  expect(found({})).toBe('4321');
  expect(found({ limit: 2 })).toBe('43');
  expect(found({ kind: 'verify' })).toBe('2');
  expect(found({ planId: hex('c') as PlanId })).toBe('3');
  expect(found({ vaultId: otherVault })).toBe('4');
  expect(found({ state: 'running' })).toBe('321');
  expect(found({ sinceMs: 200, beforeMs: 400 })).toBe('32');
  expect(found({ kind: 'backup', sinceMs: 300 })).toBe('43');
});

test('a run whose process died is not running for ever', () => {
  recordRunStart(history, start({ process: 'dead' }));
  recordRunStart(history, start({ id: hex('b') as RunId, process: 'alive' }));
  const closed = closeInterruptedRuns(history, (name) => name === 'alive', nowMs + HOUR);
  expect(closed).toMatchObject([{ id: runA, state: 'interrupted', endedAtMs: nowMs + HOUR }]);
  expect(readRun(history, hex('b') as RunId)?.state).toBe('running');
});

test('a copy counts as read back, drilled and damaged only when a run said so', () => {
  learn([{ kind: 'copy', source, point: p1, takenAtMs: 100 }]);
  learn([{ kind: 'copy', source, point: p2, takenAtMs: 200 }]);
  learn([{ kind: 'read-back', source, point: p1, atMs: 150 }]);
  learn([{ kind: 'drill', source, point: p2, atMs: 300, outcome: 'proved', recoveryMs: 5 }]);
  // Another vault and another source vouch for nothing here.
  learn([{ kind: 'read-back', source, point: p2, atMs: 160 }], otherVault);
  learn([
    {
      kind: 'drill',
      source: hex('9') as typeof source,
      point: p1,
      atMs: 1,
      outcome: 'proved',
      recoveryMs: 1,
    },
  ]);
  expect(readPairEvidence(history, vault, source)).toEqual({
    copies: [
      { point: p1, takenAtMs: 100, readBackAtMs: 150 },
      { point: p2, takenAtMs: 200, readBackAtMs: null },
    ],
    drills: [{ point: p2, atMs: 300, outcome: 'proved' }],
    damage: [],
  });
});

test('damage stands until the same point was read back whole after it; a damaged source stands for good', () => {
  const damage = (what: 'copy' | 'source', atMs: number): Evidence => ({
    kind: 'damage',
    source,
    point: p1,
    takenAtMs: 100,
    atMs,
    what,
  });
  const readBack = (atMs: number): Evidence => ({ kind: 'read-back', source, point: p1, atMs });
  const standing = (): string[] =>
    readPairEvidence(history, vault, source).damage.map(({ what }) => what);
  learn([{ kind: 'copy', source, point: p1, takenAtMs: 100 }, readBack(110)]);
  expect(standing()).toEqual([]);
  learn([damage('copy', 500)]);
  expect(standing()).toEqual(['copy']);
  learn([readBack(500)]);
  expect(standing()).toEqual(['copy']);
  learn([readBack(501)]);
  expect(standing()).toEqual([]);
  learn([damage('source', 120)]);
  learn([readBack(900)]);
  expect(standing()).toEqual(['source']);
});

test('a run without a vault leaves no evidence', () => {
  recordRunStart(history, start({ vaultId: null }));
  const evidence: Evidence[] = [{ kind: 'copy', source, point: p1, takenAtMs: 100 }];
  expect(recordRunEnd(history, runA, end({ evidence }))).toBe(true);
  expect(history.db.prepare('SELECT count(*) FROM evidence').pluck().get()).toBe(0);
});

test('a forgotten or vanished restore point vouches for nothing', () => {
  const copy = (point: PointId): Evidence => ({ kind: 'copy', source, point, takenAtMs: 1 });
  learn([copy(p1), copy(p2), copy(hex('3') as PointId)]);
  dropEvidence(history, vault, [p1]);
  expect(dropVanishedEvidence(history, vault, new Set([p2]))).toEqual([hex('3')]);
  expect(readPairEvidence(history, vault, source).copies.map(({ point }) => point)).toEqual([p2]);
});

test('a place is as full as it was when it was last seen', () => {
  expect(readSighting(history, vault)).toBeNull();
  recordSighting(history, vault, '/mnt/usb', { atMs: 5, room: { freeBytes: 0, totalBytes: 9 } });
  expect(readSighting(history, vault)).toEqual({ atMs: 5, room: { freeBytes: 0, totalBytes: 9 } });
  recordSighting(history, vault, '/mnt/usb2', { atMs: 6, room: 'not-told' });
  expect(readSighting(history, vault)).toEqual({ atMs: 6, room: 'not-told' });
});

test('after the history was lost, the light is not green before the copies are proved again', () => {
  const at = { vaultId: vault, path: '/mnt/usb/holdfast' };
  const fresh = {
    ...samplePoint,
    takenAt: { ...samplePoint.takenAt, ms: nowMs - HOUR },
    finishedAtMs: nowMs - HOUR + 9000,
    sources: [{ ...samplePointSource, capturedAtMs: nowMs - HOUR }],
  };
  expect(rebuildFromPoints(history, [fresh], at)).toBe(1);
  expect(rebuildFromPoints(history, [fresh], at)).toBe(0);
  expect(listRuns(history)).toMatchObject([
    {
      kind: 'backup',
      state: 'ok',
      point: fresh.id,
      isRebuilt: true,
      figures: { bytesRead: 5000, bytesStored: 1000 },
    },
  ]);
  const status = () =>
    planStatus(
      { ...samplePlan, places: [{ path: at.path, vaultId: vault }] },
      {
        pairs: [
          {
            source,
            place: at.path,
            ...readPairEvidence(history, vault, source),
            isOnOtherDisk: true,
          },
        ],
        places: [{ place: at.path, seen: { atMs: nowMs, room: 'not-told' } }],
        kitConfirmedAtMs: 1,
        keyStore: 'open',
        runningSinceMs: null,
      },
      nowMs,
    );
  expect(status().kind).toBe('not-protected');
  learn([
    { kind: 'read-back', source, point: fresh.id, atMs: nowMs },
    { kind: 'drill', source, point: fresh.id, atMs: nowMs, outcome: 'proved', recoveryMs: 9 },
  ]);
  expect(status()).toMatchObject({ kind: 'protected', reasons: [] });
});

test('rebuilding does not repeat runs that are on record, nor make whole what was not', () => {
  recordRunStart(history, start());
  recordRunEnd(history, runA, end({ point: samplePoint.id }));
  const lost = {
    ...samplePoint,
    id: hex('7') as PointId,
    problems: [
      { failure: { code: 'source-busy', path: '/x', detail: 'd' } as const, source: 'crm.db' },
    ],
  };
  const damaged = {
    ...samplePoint,
    id: hex('8') as PointId,
    sources: [{ ...samplePointSource, label: 'damaged-source' as const }],
  };
  const at = { vaultId: vault, path: '/mnt/usb' };
  expect(rebuildFromPoints(history, [samplePoint, lost, damaged], at)).toBe(2);
  expect(listRuns(history, { kind: 'backup' })).toHaveLength(3);
  expect(readRun(history, hex('7') as RunId)).toMatchObject({
    state: 'partial',
    problems: lost.problems,
  });
  expect(readPairEvidence(history, vault, source)).toMatchObject({
    copies: [],
    damage: [{ point: damaged.id, what: 'source' }],
  });
});

test('where the safety point of a restore lies is known until it is undone or runs out', () => {
  const undo: UndoRecord = {
    run: runA,
    restoredAtMs: nowMs,
    target: '/srv/crm/crm.db',
    safety: { kind: 'point', vaultId: vault, place: '/mnt/usb', point: p1 },
    targetMark: { root: 'abc', size: 5 },
    keptUntilMs: nowMs + HOUR,
    undoneAtMs: null,
  };
  const inFolder: UndoRecord = {
    ...undo,
    run: hex('b') as RunId,
    restoredAtMs: nowMs + 1,
    safety: { kind: 'folder', path: '/var/safety' },
    targetMark: null,
    keptUntilMs: null,
  };
  expect(recordUndo(history, undo)).toBe(true);
  recordUndo(history, inFolder);
  expect(readUndo(history, runA)).toEqual(undo);
  expect(listOpenUndos(history, nowMs)).toEqual([inFolder, undo]);
  expect(listOpenUndos(history, nowMs + HOUR)).toEqual([inFolder]);
  recordUndone(history, inFolder.run, nowMs + 2);
  expect(readUndo(history, inFolder.run)).toEqual({ ...inFolder, undoneAtMs: nowMs + 2 });
  expect(listOpenUndos(history, nowMs)).toEqual([undo]);
  expect(readUndo(history, hex('c') as RunId)).toBeNull();
});
