// A restore point as far as its rows go.
import {
  compareSequence,
  type RestorePoint,
  type Sequence,
} from '../../shared/model/restore-point.ts';
import type { CountedPoint } from '../../shared/model/table-losses.ts';
import { readSourceMarker } from '../engine/backup/source-marker.ts';

/** `acknowledged`: what fell up to there was meant. */
export function toCounted(point: RestorePoint, acknowledged: Sequence | null): CountedPoint {
  return {
    id: point.id,
    isAcknowledged: acknowledged !== null && compareSequence(point, acknowledged) <= 0,
    sources: point.sources.map(({ id, counts, marker }) => ({
      id,
      counts,
      areAllCounted: counts !== null && readSourceMarker(marker)?.areAllCounted === true,
    })),
  };
}
