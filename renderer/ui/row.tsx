// One thing in a list of things: what it is, what is known about it, and what can be done with it.
import { Caption1, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { cardStyle } from './card-style.ts';

const useStyles = makeStyles({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    ...cardStyle,
  },
  words: {
    display: 'flex',
    flexDirection: 'column',
    flexGrow: 1,
    flexBasis: '16em',
    minWidth: 0,
    gap: tokens.spacingVerticalXXS,
  },
  title: { overflowWrap: 'anywhere' },
  facts: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

interface RowProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly facts: readonly string[];
  readonly action?: ReactNode;
  /** Warnings below the facts. */
  readonly children?: ReactNode;
}

export function Row({ icon, title, facts, action, children }: RowProps) {
  const styles = useStyles();
  return (
    <div className={styles.row}>
      {icon}
      <div className={styles.words}>
        <Text weight="semibold" className={styles.title}>
          {title}
        </Text>
        <Caption1 className={styles.facts}>{facts.join(' · ')}</Caption1>
        {children}
      </div>
      {action}
    </div>
  );
}
