// Where the time of a run went: a bar for each phase, as long as its share of the longest.
import { makeStyles, ProgressBar, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Phase } from '../../shared/model/progress.ts';
import type { RunFigures } from '../../shared/model/run.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import { phaseWords } from '../../shared/text/phase-words.ts';
import { useLocale } from '../use-locale.ts';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  phase: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXS },
  words: { display: 'flex', justifyContent: 'space-between', gap: tokens.spacingHorizontalM },
});

export function PhaseBars({ phaseMs }: Pick<RunFigures, 'phaseMs'>) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  const locale = useLocale();
  const phases = Object.entries(phaseMs) as [Phase, number][];
  const longestMs = Math.max(1, ...phases.map(([, ms]) => ms));
  if (phases.length === 0) return null;
  return (
    <section className={styles.section}>
      <Subtitle2 as="h3">{t('details.phases')}</Subtitle2>
      {phases.map(([phase, ms]) => {
        const name = phaseWords(phase, locale);
        return (
          <div key={phase} className={styles.phase}>
            <div className={styles.words}>
              <Text>{name}</Text>
              <Text>{formatDuration(ms, locale)}</Text>
            </div>
            <ProgressBar aria-label={name} thickness="large" value={ms / longestMs} />
          </div>
        );
      })}
    </section>
  );
}
