// What came back, in evidence, and the way to take it back again.
import { CheckmarkCircle24Filled } from '@fluentui/react-icons';
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { BringBackResult } from '../../shared/model/bring-back.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import { useLocale } from '../use-locale.ts';
import { BroughtBackCard } from './brought-back-card.tsx';
import { formatWhen, zoneHere } from './when-words.ts';

const useStyles = makeStyles({
  done: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  icon: { color: tokens.colorStatusSuccessForeground1, flexShrink: 0 },
});

export function ResultView({ result }: { readonly result: BringBackResult }) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  return (
    <>
      <div className={styles.done} role="status">
        <CheckmarkCircle24Filled className={styles.icon} aria-hidden />
        <Text size={400}>
          {t('run.summary', {
            moment: formatWhen(result.takenAtMs, zoneHere(), locale),
            time: formatDuration(result.durationMs, locale),
          })}
        </Text>
      </div>
      {result.restored.map((one) => (
        <BroughtBackCard key={one.path} of={one} />
      ))}
    </>
  );
}
