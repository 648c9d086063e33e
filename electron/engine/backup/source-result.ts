// What storing one source yields before its tables and lists are written: the second half runs when frame places are known.
import type { Problem } from '../../../shared/model/failure.ts';
import type { ObjectUse, PointSource } from '../../../shared/model/restore-point.ts';
import type { FramePlace } from '../vault/pack-writer.ts';

export interface FramePlaces {
  readonly placeOf: (ordinal: number) => FramePlace;
  /** Ids of the run's packs, in order. */
  readonly packIds: readonly string[];
}

export interface FinishedSource {
  readonly source: PointSource;
  readonly tables: readonly ObjectUse[];
  readonly lists: readonly ObjectUse[];
  /** Packs that its levels refer to. */
  readonly packs: readonly string[];
  readonly bytesWritten: number;
  /** Share of the parent's pages that this point no longer needs; estimates live bytes. */
  readonly supersededShare: number;
  readonly problems: readonly Problem[];
  /** After the manifest is published. */
  commitCache(): Promise<void>;
}

/** A source whose frames are in the queue. */
export interface StoredSource extends AsyncDisposable {
  readonly bytesRead: number;
  /** True when it has no page in common with its parent. */
  readonly isReplaced: boolean;
  /** Writes tables or lists. */
  finish(places: FramePlaces): Promise<FinishedSource>;
}
