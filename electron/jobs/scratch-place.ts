// Where restored copies lie while they are looked at: in the data folder, never on the CRM's disk unless that is the same.
import { join } from 'node:path';
import type { Engine } from './engine.ts';

/** The folder for scratch folders; each user of it makes its own below and removes it. */
export function scratchPlaceOf(engine: Pick<Engine, 'dataFolder'>): string {
  return join(engine.dataFolder, 'scratch');
}
