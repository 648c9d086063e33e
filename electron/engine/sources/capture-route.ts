// The ways to one state of a source, behind one face: through the log's snapshot, in slices under SHARED, or as bytes.
import type { CaptureLabel, TableCount } from '../../../shared/model/restore-point.ts';
import type { CapturedState, Slice } from './capture.ts';
import type { CaptureMarker } from './capture-marker.ts';
import type { BytesReason } from './source-access.ts';

/** One pass over a source. */
export interface CaptureRoute {
  readonly state: CapturedState;
  /** Passes that may end `changed` before the source counts as busy. */
  readonly mostPasses: number;
  nextSlice(buffer: Uint8Array): Promise<Slice | null>;
  endPass(): Promise<RouteEnd>;
  close(): void;
}

export type RouteEnd =
  | {
      readonly kind: 'consistent';
      readonly label: CaptureLabel;
      readonly counts: readonly TableCount[] | null;
      readonly areAllCounted: boolean;
      readonly marker: CaptureMarker | null;
    }
  /** Somebody wrote; the next pass starts with a new look. */
  | { readonly kind: 'changed'; readonly detail: string };

export type OpenedRoute =
  | { readonly kind: 'open'; readonly route: CaptureRoute }
  /** SQLite gives no lock here; read it as bytes. */
  | { readonly kind: 'refused'; readonly reason: BytesReason }
  /** It is not any more what the look saw. */
  | { readonly kind: 'changed'; readonly detail: string };

/** What earlier passes of the same capture have shown. */
export interface PassHistory {
  /** Passes that ended `changed`. */
  readonly failed: number;
  /** Length of the pass before; null before the first. */
  readonly lastPassMs: number | null;
}
