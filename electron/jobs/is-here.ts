// A look at one place of a plan: is its vault there now? Connects nothing, and asks nobody.
import type { Place } from '../../shared/model/place.ts';
import type { PlaceSurroundings, LocatedVault } from './locate-vault.ts';
import { sightVault } from './locate-vault.ts';
import { withinTime } from './within-time.ts';

/** A share that has not answered by then counts as away. */
const SIGHT_MS = 3000;

/** The right vault, where it lies now; null: away, or another one. */
export async function sightPlace(
  surroundings: PlaceSurroundings,
  { path, vaultId }: Pick<Place, 'path' | 'vaultId'>,
): Promise<LocatedVault | null> {
  const look = sightVault(path, surroundings, vaultId).catch(() => null);
  return withinTime(SIGHT_MS, look, null);
}

export async function isHere(surroundings: PlaceSurroundings, place: Place): Promise<boolean> {
  return (await sightPlace(surroundings, place)) !== null;
}
