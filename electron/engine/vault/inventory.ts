// What really lies in a vault: one listing of packs, tables and lists, held against what a manifest needs.
import type { RestorePoint } from '../../../shared/model/restore-point.ts';
import {
  COPY_SIDES,
  listName,
  packName,
  parseDataName,
  tableName,
} from '../format/object-names.ts';
import type { Vault } from './vault.ts';

/** Sizes of all data objects by name. */
export type Inventory = ReadonlyMap<string, number>;

export async function takeInventory(vault: Vault): Promise<Inventory> {
  const sizes = new Map<string, number>();
  for (const folder of ['packs', 'tables', 'lists']) {
    for (const object of await vault.storage.list(folder)) {
      if (parseDataName(object.name) !== null) sizes.set(object.name, object.size);
    }
  }
  return sizes;
}

/** What of a point is not there, or not with its size. */
export interface MissingParts {
  readonly packs: readonly string[];
  /** Names, by their first copy, of tables and lists of which no copy is there. */
  readonly levels: readonly string[];
  /** Names of single copies that are gone while the other one is there. */
  readonly copies: readonly string[];
}

export function findMissingParts(inventory: Inventory, point: RestorePoint): MissingParts {
  const packs = point.packs
    .filter(({ id, bytes }) => inventory.get(packName(id)) !== bytes)
    .map(({ id }) => id);
  const levels: string[] = [];
  const copies: string[] = [];
  const checkLevel = (id: string, bytes: number, nameOf: typeof tableName) => {
    const gone = COPY_SIDES.map((side) => nameOf(id, side)).filter(
      (name) => inventory.get(name) !== bytes,
    );
    if (gone.length === COPY_SIDES.length) levels.push(nameOf(id, 'a'));
    else copies.push(...gone);
  };
  for (const { id, bytes } of point.tables) checkLevel(id, bytes, tableName);
  for (const { id, bytes } of point.lists) checkLevel(id, bytes, listName);
  return { packs, levels, copies };
}
