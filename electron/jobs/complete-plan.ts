// From a plan as a person writes it to a whole one: what can only be made (ids, times) or looked up is filled in.
// Promise: nothing that was written is changed; `parsePlan` has the last word.
import { basename } from 'node:path';
import type { VaultId } from '../../shared/model/ids.ts';
import { parsePlan, type Plan } from '../../shared/model/plan.ts';
import type { PointSource } from '../../shared/model/restore-point.ts';
import { newId } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What is known where the plan's copies lie. */
export interface PlanSetting {
  readonly vaultId: VaultId;
  /** Of the newest restore point: the same path keeps its id. */
  readonly knownSources: readonly PointSource[];
}

/** The path of the plan's place; null when it names none. */
export function placeInDraft(draft: unknown): string | null {
  const places = fieldsOf(draft)['places'];
  const first: unknown = Array.isArray(places) ? places[0] : undefined;
  const path = typeof first === 'string' ? first : fieldsOf(first)['path'];
  return typeof path === 'string' ? path : null;
}

/** Throws plan-invalid with every field that is wrong. */
export function completePlan(
  engine: Pick<Engine, 'clock' | 'random'>,
  draft: unknown,
  setting: PlanSetting,
): Plan {
  const fields = fieldsOf(draft);
  const { clock, random } = engine;
  return parsePlan({
    version: 1,
    id: newId(random),
    createdAtMs: clock.nowMs(),
    paused: null,
    keep: {},
    ...fields,
    sources: mapList(fields['sources'], (source) => completeSource(engine, source, setting)),
    places: mapList(fields['places'], (place) => ({
      vaultId: setting.vaultId,
      ...(typeof place === 'string' ? { path: place } : fieldsOf(place)),
    })),
  });
}

function completeSource(
  { random }: Pick<Engine, 'random'>,
  source: unknown,
  { knownSources }: PlanSetting,
): Fields {
  const fields = typeof source === 'string' ? { path: source } : fieldsOf(source);
  const path = typeof fields['path'] === 'string' ? fields['path'] : '';
  const known = knownSources.find((candidate) => candidate.path === path);
  return { id: known?.id ?? newId(random), name: basename(path), ...fields };
}

/** What is no list is left for the parser to refuse. */
function mapList(value: unknown, map: (item: unknown) => Fields): unknown {
  return Array.isArray(value) ? value.map(map) : value;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
