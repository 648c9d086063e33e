// One file or folder of a restore, under its name: what would be done with it, or what was.
import { makeStyles, Subtitle2, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { cardStyle } from '../ui/card-style.ts';

const useStyles = makeStyles({
  card: {
    ...cardStyle,
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalL,
  },
  name: { overflowWrap: 'anywhere' },
});

interface TargetCardProps {
  readonly name: string;
  readonly children: ReactNode;
}

export function TargetCard({ name, children }: TargetCardProps) {
  const styles = useStyles();
  return (
    <section className={styles.card}>
      <Subtitle2 as="h2" className={styles.name}>
        {name}
      </Subtitle2>
      {children}
    </section>
  );
}
