// From a plan as a person writes it to a whole one: what can only be made (ids, times) or looked up is filled in.
// Promise: nothing that was written is changed; `parsePlan` has the last word.
import { basename } from 'node:path';
import { isHexId, type VaultId } from '../../shared/model/ids.ts';
import type { Place } from '../../shared/model/place.ts';
import { parsePlan, type Plan } from '../../shared/model/plan.ts';
import type { PointSource } from '../../shared/model/restore-point.ts';
import { newId } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What is known where the plan's copies lie. */
export interface PlanSetting {
  /** By path, as the draft writes it. */
  readonly places: ReadonlyMap<string, Pick<Place, 'vaultId' | 'volume'>>;
  /** Of the newest restore points: the same path keeps its id. */
  readonly knownSources: readonly PointSource[];
}

/** The plan's places; empty when it names none. `vaultId` null: to be found there. */
export function placesInDraft(
  draft: unknown,
): readonly { readonly path: string; readonly vaultId: VaultId | null }[] {
  const places: unknown = fieldsOf(draft)['places'];
  const list: readonly unknown[] = Array.isArray(places) ? places : [];
  return list.flatMap((place) => {
    const { path, vaultId } = fieldsOf(typeof place === 'string' ? { path: place } : place);
    if (typeof path !== 'string') return [];
    const isKnown = typeof vaultId === 'string' && isHexId(vaultId);
    return [{ path, vaultId: isKnown ? (vaultId as VaultId) : null }];
  });
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
    places: mapList(fields['places'], (place) => {
      const written = typeof place === 'string' ? { path: place } : fieldsOf(place);
      const known = setting.places.get(String(written['path']));
      const volume = known?.volume;
      const memory = volume === undefined ? {} : { volume };
      return { vaultId: known?.vaultId ?? null, ...memory, ...written };
    }),
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
