// One source of a comparison.
import type { PointSource } from '../../../shared/model/restore-point.ts';
import type { RestoreWatch } from '../restore/restore-watch.ts';
import type { ScratchFolder } from '../restore/scratch-database.ts';
import type { CompareRequest } from './run-compare.ts';

export interface CompareJob {
  readonly request: CompareRequest;
  /** As the older point has it. */
  readonly source: PointSource;
  /** As the newer point has it; null when it is compared with the live state. */
  readonly now: PointSource | null;
  readonly folder: ScratchFolder;
  /** Keeps the scratch files of several sources apart. */
  readonly number: number;
  readonly watch: RestoreWatch;
  readonly onBytes: (bytes: number) => void;
}
