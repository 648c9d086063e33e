// The words around figures in the command line's own output. Failures, notices and reasons have theirs in shared/text/.
import type { FullReason } from '../engine/backup/plan-backup.ts';
import type { InPlaceWay } from '../engine/restore/plan-in-place.ts';
import type { RowChange } from '../../shared/model/comparison.ts';
import type { BackupKind, CaptureLabel, CaptureMethod } from '../../shared/model/restore-point.ts';
import type { DrillOutcome } from '../../shared/model/plan-facts.ts';
import type { RowRestoreWarning } from '../../shared/model/row-restore.ts';
import type { Run, RunKind } from '../../shared/model/run.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { labelsEn } from './labels-en.ts';
import { labelsZh } from './labels-zh.ts';

/** Titles of columns and names of facts. */
export type LabelName =
  | 'not-sealed'
  | 'recorded'
  | 'before'
  | 'after'
  | 'live-data'
  | 'only-before'
  | 'only-after'
  | 'identical'
  | 'differs'
  | 'difference'
  | 'change'
  | 'key'
  | 'way'
  | 'would-restore'
  | 'undo-with'
  | 'redo-with'
  | 'needed'
  | 'open-in'
  | 'missing-back'
  | 'changed-back'
  | 'unchanged'
  | 'parents'
  | 'children'
  | 'relinked'
  | 'clash'
  | 'now-of'
  | 'added'
  | 'affected'
  | 'in-use'
  | 'lock-file'
  | 'belongs-to-it'
  | 'cut-short'
  | 'backup-made'
  | 'bytes-read'
  | 'bytes-stored'
  | 'changed'
  | 'changed-pages'
  | 'compared'
  | 'copy'
  | 'crm-data'
  | 'damage'
  | 'damaged'
  | 'detail'
  | 'drill-result'
  | 'duration'
  | 'exported'
  | 'file'
  | 'files'
  | 'freed'
  | 'free'
  | 'full-because'
  | 'healed-pages'
  | 'held'
  | 'kept-before-restore'
  | 'no-proof-for'
  | 'hold'
  | 'id'
  | 'in-copy'
  | 'keep-safe'
  | 'key-changed'
  | 'kind'
  | 'label'
  | 'last-run'
  | 'method'
  | 'missing'
  | 'name'
  | 'next-step'
  | 'no-damage'
  | 'no-plans'
  | 'no-points'
  | 'no-runs'
  | 'not-proved'
  | 'nothing-removed'
  | 'pages'
  | 'path'
  | 'paused'
  | 'phase'
  | 'place'
  | 'plan'
  | 'plan-deleted'
  | 'plan-paused'
  | 'actions-agreed'
  | 'action-before'
  | 'action-after'
  | 'action-late'
  | 'plan-resumed'
  | 'plan-stored'
  | 'points'
  | 'points-checked'
  | 'problems'
  | 'proved'
  | 'read-back'
  | 'reason'
  | 'recovery-key'
  | 'recovery-time'
  | 'released'
  | 'removed'
  | 'repaired'
  | 'restore-point'
  | 'restored'
  | 'rows'
  | 'safety-point'
  | 'schedule'
  | 'size'
  | 'sources'
  | 'started'
  | 'state'
  | 'stays'
  | 'table'
  | 'taken'
  | 'undone'
  | 'vault-made'
  | 'vanished'
  | 'waiting'
  | 'would-go'
  | 'yes'
  | 'no';

export interface Labels {
  readonly names: Readonly<Record<LabelName, string>>;
  readonly kinds: Readonly<Record<BackupKind, string>>;
  readonly captures: Readonly<Record<CaptureLabel, string>>;
  readonly methods: Readonly<Record<CaptureMethod, string>>;
  readonly fullReasons: Readonly<Record<FullReason, string>>;
  readonly runKinds: Readonly<Record<RunKind, string>>;
  readonly runStates: Readonly<Record<Run['state'], string>>;
  readonly drillOutcomes: Readonly<Record<DrillOutcome, string>>;
  readonly changes: Readonly<Record<RowChange, string>>;
  readonly ways: Readonly<Record<InPlaceWay['kind'], string>>;
  readonly rowWarning: (warning: RowRestoreWarning) => string;
  readonly askPassphrase: (place: string) => string;
  readonly askSharePassword: (share: string) => string;
  readonly askNewPassphrase: string;
  readonly askAgain: string;
  readonly askToAgree: string;
  readonly passphrasesDiffer: string;
  readonly stopping: string;
}

/** The words of one language. */
export function labelsOf(locale: Locale): Labels {
  return locale === 'en' ? labelsEn : labelsZh;
}
