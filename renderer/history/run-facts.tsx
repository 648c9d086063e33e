// The figures of a run.
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../shared/model/run.ts';
import { formatBytes, formatSpeed } from '../../shared/text/bytes.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import { useLocale } from '../use-locale.ts';

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(6em, max-content) minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    margin: 0,
  },
  term: { color: tokens.colorNeutralForeground2 },
  fact: { margin: 0, overflowWrap: 'anywhere' },
});

interface RunFactsProps {
  readonly run: Run;
  readonly plan: string | null;
}

export function RunFacts({ run, plan }: RunFactsProps) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  return (
    <dl className={styles.facts}>
      {useFacts(run, plan).map(([term, fact]) => (
        <FactRow key={term} term={t(`details.${term}`)} fact={fact} />
      ))}
    </dl>
  );
}

function FactRow({ term, fact }: { readonly term: string; readonly fact: string }) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.term}>
        <Text>{term}</Text>
      </dt>
      <dd className={styles.fact}>
        <Text>{fact}</Text>
      </dd>
    </>
  );
}

type Term = 'started' | 'ended' | 'duration' | 'plan' | 'place' | 'read' | 'stored' | 'speed';

/** Only what is known: a check stores nothing, a run that is under way has no end. */
function useFacts(run: Run, plan: string | null): readonly (readonly [Term, string])[] {
  const locale = useLocale();
  const { startedAtMs, endedAtMs, place, figures } = run;
  const { bytesRead, bytesStored } = figures;
  const date = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const tookMs = endedAtMs === null ? null : endedAtMs - startedAtMs;
  const facts: (readonly [Term, string | null])[] = [
    ['plan', plan],
    ['place', place],
    ['started', date.format(startedAtMs)],
    ['ended', endedAtMs === null ? null : date.format(endedAtMs)],
    ['duration', tookMs === null ? null : formatDuration(tookMs, locale)],
    ['read', bytesRead > 0 ? formatBytes(bytesRead, locale) : null],
    ['stored', bytesStored > 0 ? formatBytes(bytesStored, locale) : null],
    [
      'speed',
      tookMs === null || tookMs <= 0 || bytesRead === 0
        ? null
        : formatSpeed((bytesRead / tookMs) * 1000, locale),
    ],
  ];
  return facts.flatMap(([term, fact]) => (fact === null ? [] : [[term, fact] as const]));
}
