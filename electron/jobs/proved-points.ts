// Which restore points of a vault are proved, as far as this computer's history knows.
import type { PointId, VaultId } from '../../shared/model/ids.ts';
import { isProved } from '../../shared/model/plan-status.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import { readPairEvidence } from '../history/evidence.ts';
import type { History } from '../history/open-history.ts';

/** Points of which every source was read back and restore-tested. */
export function findProvedPoints(
  history: History,
  vaultId: VaultId,
  points: readonly RestorePoint[],
): ReadonlySet<PointId> {
  const ids = new Set(points.flatMap((point) => point.sources.map(({ id }) => id)));
  const proved = new Map(
    [...ids].map((source) => {
      const pair = readPairEvidence(history, vaultId, source);
      const copies = pair.copies.filter((copy) => isProved(copy, pair));
      return [source, new Set(copies.map(({ point }) => point))] as const;
    }),
  );
  const isWhole = (id: PointId, { id: source }: PointSource): boolean =>
    proved.get(source)?.has(id) === true;
  const good = points.filter(
    ({ id, sources }) => sources.length > 0 && sources.every((source) => isWhole(id, source)),
  );
  return new Set(good.map(({ id }) => id));
}
