// Restore points of a small business in which 412 contacts were deleted this morning, and what bringing them back looks like.
import type {
  BringBackPreview,
  BringBackResult,
  PlannedTarget,
  RowSearchPage,
  RowSession,
} from '../../../shared/model/bring-back.ts';
import type { Job } from '../../../shared/model/job.ts';
import type { JobId, PointId, RunId, SourceId } from '../../../shared/model/ids.ts';
import type { RowRestorePlan } from '../../../shared/model/row-restore.ts';
import type { Timeline, TimelinePoint, TimelineSource } from '../../../shared/model/timeline.ts';
import { SCREEN_NOW_MS } from '../screen-state.ts';
import { crmPath, planId, samplePlan, sourceId, vaultPath } from './sample-answers.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Ids of points from their place in the list. */
export const pointIdOf = (index: number): PointId =>
  (index + 1).toString(16).padStart(32, '0') as PointId;

export const crmSource: TimelineSource = {
  id: sourceId,
  kind: 'sqlite',
  name: 'kunden',
  path: crmPath,
  label: 'transactional',
  bytes: 1_074_671_616,
  counts: [
    { table: 'contacts', rows: 18_203 },
    { table: 'activities', rows: 412_077 },
    { table: 'companies', rows: 3_120 },
    { table: 'deals', rows: 9_411 },
  ],
};

export const folderSource: TimelineSource = {
  id: '8'.repeat(32) as SourceId,
  kind: 'folder',
  name: 'Anhänge',
  path: 'C:\\Users\\Anna Weber\\Documents\\KundenPlus\\Anhänge',
  label: 'quiet-copy',
  bytes: 2_310_000_000,
  counts: null,
};

/** A good point without changes; `hoursAgo` before the pictures are taken. */
export function pointAt(
  index: number,
  hoursAgo: number,
  more: Partial<TimelinePoint> = {},
): TimelinePoint {
  return {
    id: pointIdOf(index),
    takenAtMs: SCREEN_NOW_MS - hoursAgo * HOUR_MS,
    kind: 'incremental',
    sources: [crmSource],
    deltas: [],
    isDamaged: false,
    isProved: true,
    isSafetyPoint: false,
    isAfterLoss: false,
    holds: [],
    ...more,
  };
}

export const delta = (table: string, rowsBefore: number, rowsAfter: number | null) => ({
  source: sourceId,
  table,
  rowsBefore,
  rowsAfter,
});

const older = Array.from({ length: 40 }, (_, index) =>
  pointAt(10 + index, 40 + index * 12, {
    deltas: index % 3 === 0 ? [] : [delta('activities', 411_000, 411_000 + 11 + index)],
    isProved: index % 4 !== 3,
  }),
);

export const timelineOf = (
  points: readonly TimelinePoint[],
  preselected: PointId | null,
): Timeline => ({ plan: planId, place: vaultPath, points, preselected });

/** The newest point is after the loss; the one before it is proposed. */
export const sampleTimeline = timelineOf(
  [
    pointAt(0, 1, {
      isAfterLoss: true,
      isProved: false,
      deltas: [delta('contacts', 18_615, 18_203), delta('activities', 412_040, 412_077)],
    }),
    pointAt(1, 2, { deltas: [delta('activities', 411_980, 412_040)] }),
    pointAt(2, 15.5, { deltas: [delta('deals', 9409, 9411), delta('contacts', 18_611, 18_615)] }),
    pointAt(3, 16, { isDamaged: true, isProved: false }),
    pointAt(4, 21, { isSafetyPoint: true, isProved: false }),
    pointAt(5, 26, { holds: ['Jahresabschluss'], kind: 'full' }),
    ...older,
  ],
  pointIdOf(1),
);

export const sampleTarget: PlannedTarget = {
  source: sourceId,
  name: 'kunden',
  path: crmPath,
  bytes: 1_074_671_616,
  neededBytes: 1_210_000_000,
  freeBytes: 84_000_000_000,
  way: 'through-sqlite',
  heldBy: ['KundenPlus.exe'],
  comparison: {
    kind: 'rows',
    database: {
      tables: [
        {
          table: 'contacts',
          rowsBefore: 18_615,
          rowsAfter: 18_203,
          identity: 'key',
          added: 0,
          removed: 412,
          changed: 3,
          columns: [],
          examples: [],
        },
        {
          table: 'activities',
          rowsBefore: 412_040,
          rowsAfter: 412_077,
          identity: 'key',
          added: 37,
          removed: 0,
          changed: 0,
          columns: [],
          examples: [],
        },
      ],
      onlyBefore: [],
      onlyAfter: [],
      schema: [],
    },
  },
  rows: null,
  obstacle: null,
};

export const previewOf = (...targets: readonly PlannedTarget[]): BringBackPreview => ({
  point: pointIdOf(1),
  takenAtMs: SCREEN_NOW_MS - 2 * HOUR_MS,
  targets,
});

export const inUseTarget: PlannedTarget = {
  ...sampleTarget,
  way: 'swap',
  obstacle: { code: 'target-in-use', path: crmPath, by: 'KundenPlus.exe' },
};

export const sampleRowPlan: RowRestorePlan = {
  tables: [
    {
      table: 'contacts',
      identity: 'key',
      rowsThen: 18_615,
      rowsNow: 18_203,
      missing: 2,
      changed: 1,
      unchanged: 0,
      parents: 0,
      children: 0,
      relinked: 0,
      removed: 0,
      touched: 3,
    },
    {
      table: 'activities',
      identity: 'key',
      rowsThen: 412_040,
      rowsNow: 412_077,
      missing: 0,
      changed: 0,
      unchanged: 0,
      parents: 0,
      children: 14,
      relinked: 5,
      removed: 0,
      touched: 19,
    },
  ],
  clashes: [],
  warnings: [
    { kind: 'key-taken', table: 'activities', rows: 2 },
    { kind: 'triggers-held', triggers: ['send_welcome_mail', 'count_changes'] },
    { kind: 'search-index-rebuilt', indexes: ['contacts_fts'] },
  ],
};

export const rowsTarget: PlannedTarget = {
  ...sampleTarget,
  way: 'rows',
  comparison: null,
  neededBytes: 12_000_000,
  rows: sampleRowPlan,
};

export const clashingTarget: PlannedTarget = {
  ...rowsTarget,
  rows: {
    tables: rowsTarget.rows?.tables ?? [],
    clashes: [{ table: 'contacts', key: '4711', columns: ['email'], heldBy: '19002' }],
    warnings: [
      { kind: 'schema-differs', table: 'contacts', detail: 'column "newsletter" was added' },
      { kind: 'dangling', table: 'contacts', parent: 'companies', rows: 2 },
      { kind: 'row-numbers', table: 'notes' },
    ],
  },
};
export const sampleSession: RowSession = {
  session: 'a'.repeat(32),
  tables: [
    { table: 'contacts', rows: 18_615 },
    { table: 'companies', rows: 3_120 },
  ],
};

const people = [
  ['4711', 'Anna-Lena Große', 'a.grosse@beispiel.example', '+49 30 1234 5678', 'Berlin'],
  ['4712', '王小明', 'wang.xiaoming@example.cn', '+86 21 5555 0199', '上海'],
  ['4713', 'Jürgen Müller-Lüdenscheidt', 'jml@example.de', null, 'Köln'],
  ['4714', "O'Brien & Sons", 'office@obrien.example', '+353 1 555 0100', 'Dublin'],
  ['4715', 'Beatriz Fernández', 'bea@example.es', '+34 91 555 0123', 'Madrid'],
] as const;

export const samplePage: RowSearchPage = {
  table: 'contacts',
  columns: ['id', 'name', 'email', 'phone', 'city'],
  rows: people.map((values) => ({ key: values[0], values })),
  totalRows: 415,
  states: ['missing', 'missing', 'changed', 'missing', 'missing'],
  now: [null, null, ['4713', 'Jürgen Müller', 'jml@example.de', '0221 555', ''], null, null],
};

export const undoRun = '9'.repeat(32) as RunId;

export const sampleResult: BringBackResult = {
  point: pointIdOf(1),
  takenAtMs: SCREEN_NOW_MS - 2 * HOUR_MS,
  durationMs: 47_300,
  restored: [
    {
      run: undoRun,
      name: 'kunden',
      path: crmPath,
      bytes: 1_074_671_616,
      files: 1,
      isIntegrityChecked: true,
      rowsTouched: null,
      way: 'through-sqlite',
      undoUntilMs: SCREEN_NOW_MS + 30 * DAY_MS,
    },
  ],
};

export const restoreJob: Job = {
  id: 'b'.repeat(32) as JobId,
  kind: 'restore',
  planId,
  planName: samplePlan.name,
  origin: 'user',
  state: 'running',
  startedAtMs: SCREEN_NOW_MS - 9000,
  progress: {
    phase: 'fetch',
    bytesDone: 612_000_000,
    bytesTotal: 1_074_671_616,
    bytesPerSecond: 88_000_000,
    secondsLeft: 5,
    subject: 'kunden.db',
  },
};

/** Two thousand hourly points. */
export const longTimeline = timelineOf(
  Array.from({ length: 2000 }, (_, index) =>
    pointAt(index, index + 1, { deltas: [delta('activities', 1000, 1000 + (index % 50) + 1)] }),
  ),
  pointIdOf(0),
);
