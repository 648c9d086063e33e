// The light of a plan: a shape, a word and a colour for each of its three states.
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import {
  ShieldCheckmark24Filled,
  ShieldCheckmark48Filled,
  ShieldDismiss24Filled,
  ShieldDismiss48Filled,
  Warning24Filled,
  Warning48Filled,
} from '@fluentui/react-icons';
import type { StatusKind } from '../../shared/model/status-reason.ts';

const icons = {
  protected: { small: ShieldCheckmark24Filled, large: ShieldCheckmark48Filled },
  attention: { small: Warning24Filled, large: Warning48Filled },
  'not-protected': { small: ShieldDismiss24Filled, large: ShieldDismiss48Filled },
} as const;

const useStyles = makeStyles({
  icon: { flexShrink: 0 },
  protected: { color: tokens.colorStatusSuccessForeground1 },
  attention: { color: tokens.colorStatusWarningForeground3 },
  'not-protected': { color: tokens.colorStatusDangerForeground1 },
});

interface StatusIconProps {
  readonly kind: StatusKind;
  readonly size: 'small' | 'large';
}

/** Decoration: the word stands beside it. */
export function StatusIcon({ kind, size }: StatusIconProps) {
  const styles = useStyles();
  const Icon = icons[kind][size];
  return <Icon aria-hidden className={mergeClasses(styles.icon, styles[kind])} />;
}
