// Facts by name: a term and what is known, in two columns where there is room.
import { makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(5em, max-content) 1fr',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
  },
  term: { color: tokens.colorNeutralForeground2 },
  fact: { margin: 0, overflowWrap: 'anywhere' },
});

export type Fact = readonly [term: string, fact: string];

export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.list}>
      {facts.map(([term, fact]) => (
        <FactRow key={term} term={term} fact={fact} styles={styles} />
      ))}
    </dl>
  );
}

interface FactRowProps {
  readonly term: string;
  readonly fact: string;
  readonly styles: ReturnType<typeof useStyles>;
}

function FactRow({ term, fact, styles }: FactRowProps) {
  return (
    <>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.fact}>{fact}</dd>
    </>
  );
}
