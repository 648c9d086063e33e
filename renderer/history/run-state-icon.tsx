// How a run ended: a shape and a colour beside the word.
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import {
  ArrowSyncCircle20Filled,
  CheckmarkCircle20Filled,
  DismissSquare20Filled,
  PlugDisconnected20Filled,
  SubtractCircle20Filled,
  Warning20Filled,
} from '@fluentui/react-icons';
import type { Run } from '../../shared/model/run.ts';

const icons = {
  running: ArrowSyncCircle20Filled,
  ok: CheckmarkCircle20Filled,
  partial: Warning20Filled,
  failed: DismissSquare20Filled,
  cancelled: SubtractCircle20Filled,
  interrupted: PlugDisconnected20Filled,
} as const satisfies Record<Run['state'], unknown>;

const useStyles = makeStyles({
  icon: { flexShrink: 0 },
  running: { color: tokens.colorBrandForeground1 },
  ok: { color: tokens.colorStatusSuccessForeground1 },
  partial: { color: tokens.colorStatusWarningForeground3 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  cancelled: { color: tokens.colorNeutralForeground3 },
  interrupted: { color: tokens.colorStatusWarningForeground3 },
});

/** Decoration: the word stands beside it. */
export function RunStateIcon({ state }: { readonly state: Run['state'] }) {
  const styles = useStyles();
  const Icon = icons[state];
  return <Icon aria-hidden className={mergeClasses(styles.icon, styles[state])} />;
}
