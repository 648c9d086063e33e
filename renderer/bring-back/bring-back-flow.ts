// What a person has chosen so far while bringing something back. Pure: each change gives a new flow; going back and forth
// loses nothing, but a choice that another one makes meaningless is dropped (records of a restore point that was left).
import type { BringBackRequest, WhatToBringBack, WhereTo } from '../../shared/model/bring-back.ts';
import type { PlanId, PointId, SourceId } from '../../shared/model/ids.ts';
import type { RowSelection } from '../../shared/model/row-restore.ts';
import type { TimelinePoint, TimelineSource } from '../../shared/model/timeline.ts';

/** What happened, in the order of the list; a new computer goes on at another screen. */
export const happenings = [
  'record-lost',
  'crm-broken',
  'earlier-state',
  'new-computer',
  'just-a-file',
] as const;
export type Happening = (typeof happenings)[number];

export const bringBackSteps = ['happened', 'when', 'what', 'where', 'check'] as const;
export type BringBackStep = (typeof bringBackSteps)[number];

export type Scope = WhatToBringBack['kind'] | 'table';

/** Chosen records by table; kept over searches and pages. */
export type ChosenRecords = Readonly<Record<string, readonly string[]>>;

export interface ChosenFile {
  readonly source: SourceId;
  readonly path: string;
}

export interface BringBackFlow {
  readonly step: BringBackStep;
  readonly plan: PlanId | null;
  readonly happening: Happening | null;
  readonly point: PointId | null;
  readonly scope: Scope;
  /** For `source`, `table` and `rows`. */
  readonly source: SourceId | null;
  readonly file: ChosenFile | null;
  readonly table: string | null;
  readonly addedSince: 'keep' | 'remove';
  readonly records: ChosenRecords;
  readonly where: 'in-place' | 'folder';
  readonly folder: string | null;
  readonly goOnWithoutUndo: boolean;
}

export type FlowChange =
  | { readonly kind: 'go'; readonly step: BringBackStep }
  | { readonly kind: 'plan'; readonly plan: PlanId }
  | { readonly kind: 'happening'; readonly happening: Happening }
  | { readonly kind: 'point'; readonly point: PointId }
  | { readonly kind: 'scope'; readonly scope: Scope }
  | { readonly kind: 'source'; readonly source: SourceId }
  | { readonly kind: 'file'; readonly file: ChosenFile }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'added-since'; readonly addedSince: 'keep' | 'remove' }
  | {
      readonly kind: 'records';
      readonly table: string;
      readonly keys: readonly string[];
      readonly areChosen: boolean;
    }
  | { readonly kind: 'no-records' }
  | { readonly kind: 'where'; readonly where: 'in-place' | 'folder' }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'without-undo'; readonly goOn: boolean };

/** The scope that fits what happened; a person may choose another. */
export const usualScope: Readonly<Record<Happening, Scope>> = {
  'record-lost': 'rows',
  'crm-broken': 'everything',
  'earlier-state': 'everything',
  'new-computer': 'everything',
  'just-a-file': 'file',
};

/** A single file is wanted to look at; all else belongs where it was. */
const usualWhere: Readonly<Record<Happening, BringBackFlow['where']>> = {
  'record-lost': 'in-place',
  'crm-broken': 'in-place',
  'earlier-state': 'in-place',
  'new-computer': 'in-place',
  'just-a-file': 'folder',
};

/** The contract takes no more of one table. */
export const MOST_RECORDS = 10_000;

export function beginFlow(plan: PlanId | null): BringBackFlow {
  return {
    step: 'happened',
    plan,
    happening: null,
    point: null,
    scope: 'everything',
    source: null,
    file: null,
    table: null,
    addedSince: 'keep',
    records: {},
    where: 'in-place',
    folder: null,
    goOnWithoutUndo: false,
  };
}

export function changeFlow(flow: BringBackFlow, change: FlowChange): BringBackFlow {
  switch (change.kind) {
    case 'go':
      return { ...flow, step: change.step };
    case 'plan':
      if (change.plan === flow.plan) return flow;
      return { ...beginFlow(change.plan), happening: flow.happening, ...usualOf(flow.happening) };
    case 'happening':
      return change.happening === flow.happening ? flow : withHappening(flow, change.happening);
    case 'point':
      return change.point === flow.point ? flow : { ...flow, ...ofNoPoint, point: change.point };
    case 'scope':
      return withScope(flow, change.scope);
    case 'source':
      return change.source === flow.source
        ? flow
        : { ...flow, source: change.source, table: null, records: {} };
    case 'file':
      return { ...flow, file: change.file };
    case 'table':
      return { ...flow, table: change.table };
    case 'added-since':
      return { ...flow, addedSince: change.addedSince };
    case 'records':
      return { ...flow, records: withRecords(flow.records, change) };
    case 'no-records':
      return { ...flow, records: {} };
    case 'where':
      return { ...flow, where: change.where };
    case 'folder':
      return { ...flow, where: 'folder', folder: change.folder };
    case 'without-undo':
      return { ...flow, goOnWithoutUndo: change.goOn };
  }
}

/** What belongs to one restore point only. */
const ofNoPoint = { file: null, table: null, records: {}, goOnWithoutUndo: false } as const;

function withHappening(flow: BringBackFlow, happening: Happening): BringBackFlow {
  return { ...flow, happening, ...usualOf(happening), point: null, ...ofNoPoint };
}

function usualOf(happening: Happening | null): Pick<BringBackFlow, 'scope' | 'where'> {
  if (happening === null) return { scope: 'everything', where: 'in-place' };
  return { scope: usualScope[happening], where: usualWhere[happening] };
}

/** Records and tables go back into the live database; there is no folder for them. */
function withScope(flow: BringBackFlow, scope: Scope): BringBackFlow {
  return isOfRows(scope) ? { ...flow, scope, where: 'in-place' } : { ...flow, scope };
}

/** What can be chosen of a restore point, in the order of the list. */
export function scopesOf(point: TimelinePoint): readonly Scope[] {
  const hasDatabase = point.sources.some(({ kind }) => kind === 'sqlite');
  const hasFolder = point.sources.some(({ kind }) => kind === 'folder');
  return [
    'everything',
    ...(point.sources.length > 1 ? ['source' as const] : []),
    ...(hasFolder ? ['file' as const] : []),
    ...(hasDatabase ? ['table' as const, 'rows' as const] : []),
  ];
}

/** Sources of a restore point that a scope can be taken from. */
export function sourcesFor(scope: Scope, point: TimelinePoint): readonly TimelineSource[] {
  if (isOfRows(scope)) return point.sources.filter(({ kind }) => kind === 'sqlite');
  return scope === 'source' ? point.sources : [];
}

export const isOfRows = (scope: Scope): boolean => scope === 'rows' || scope === 'table';

interface RecordsChange {
  readonly table: string;
  readonly keys: readonly string[];
  readonly areChosen: boolean;
}

function withRecords(
  records: ChosenRecords,
  { table, keys, areChosen }: RecordsChange,
): ChosenRecords {
  const { [table]: before = [], ...others } = records;
  const named = new Set(keys);
  const kept = before.filter((key) => !named.has(key));
  const after = areChosen ? [...kept, ...named].slice(0, MOST_RECORDS) : kept;
  return after.length === 0 ? others : { ...others, [table]: after };
}

export function countRecords(records: ChosenRecords): number {
  return Object.values(records).reduce((sum, keys) => sum + keys.length, 0);
}

/** True when the step has all that the next one needs. */
export function isComplete(flow: BringBackFlow, step: BringBackStep): boolean {
  switch (step) {
    case 'happened':
      if (flow.happening === 'new-computer') return true;
      return flow.plan !== null && flow.happening !== null;
    case 'when':
      return flow.point !== null;
    case 'what':
      return whatOf(flow) !== null;
    case 'where':
      return whereOf(flow) !== null;
    case 'check':
      return requestOf(flow) !== null;
  }
}

/** The step before or after; null at either end. */
export function neighbourOf(step: BringBackStep, by: 1 | -1): BringBackStep | null {
  return bringBackSteps[bringBackSteps.indexOf(step) + by] ?? null;
}

/** Null while something is missing. */
export function requestOf(flow: BringBackFlow): BringBackRequest | null {
  const what = whatOf(flow);
  const where = whereOf(flow);
  const { plan, point, goOnWithoutUndo } = flow;
  if (plan === null || point === null || what === null || where === null) return null;
  return { plan, point, what, where, goOnWithoutUndo };
}

function whatOf(flow: BringBackFlow): WhatToBringBack | null {
  const { source, file, table, addedSince } = flow;
  switch (flow.scope) {
    case 'everything':
      return { kind: 'everything' };
    case 'source':
      return source === null ? null : { kind: 'source', source };
    case 'file':
      return file === null ? null : { kind: 'file', ...file };
    case 'table':
      if (source === null || table === null) return null;
      return { kind: 'rows', source, rows: [{ table, keys: 'all' }], addedSince };
    case 'rows': {
      const rows = selectionsOf(flow.records);
      // Chosen records never push out what was added since.
      if (source === null || rows.length === 0) return null;
      return { kind: 'rows', source, rows, addedSince: 'keep' };
    }
  }
}

function selectionsOf(records: ChosenRecords): readonly RowSelection[] {
  return Object.entries(records).map(([table, keys]) => ({ table, keys }));
}

function whereOf({ where, folder }: BringBackFlow): WhereTo | null {
  if (where === 'in-place') return { kind: 'in-place' };
  return folder === null ? null : { kind: 'folder', path: folder };
}
