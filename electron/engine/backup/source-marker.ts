// What one capture leaves for the next in a point's source: the capture's own marker and when all pages were last read.
import { z } from 'zod';

const markerSchema = z.object({
  capture: z.unknown(),
  scannedAtMs: z.number(),
  isLogUntrue: z.boolean().default(false),
  areAllCounted: z.boolean().default(false),
});

export interface SourceMarker {
  readonly capture: unknown;
  readonly scannedAtMs: number;
  /** A scan found pages that guiding had missed: this source is scanned from then on. */
  readonly isLogUntrue: boolean;
  /** The point has a count of every table that there was. */
  readonly areAllCounted: boolean;
}

/** Null for a marker that is absent or of another version. */
export function readSourceMarker(value: unknown): SourceMarker | null {
  const parsed = markerSchema.safeParse(value);
  if (!parsed.success) return null;
  const { capture, scannedAtMs, isLogUntrue, areAllCounted } = parsed.data;
  return { capture, scannedAtMs, isLogUntrue, areAllCounted };
}
