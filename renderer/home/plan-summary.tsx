// One plan in one line: its light in a word, then what runs, what is wrong, or how old its newest copy is.
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { formatAge } from '../../shared/text/durations.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { reasonSetting, reasonWords, statusTitle } from '../../shared/text/status-words.ts';
import { useLocale } from '../use-locale.ts';
import type { PlanDetailsProps } from './plan-details.tsx';

const useStyles = makeStyles({
  facts: { color: tokens.colorNeutralForeground2 },
});

export function PlanSummary(props: PlanDetailsProps) {
  const styles = useStyles();
  const locale = useLocale();
  return (
    <Text className={styles.facts}>
      <Text weight="semibold">{statusTitle(props.overview.status.kind, locale)}</Text>
      {' · '}
      {useNewest(props)}
    </Text>
  );
}

function useNewest({ overview, orders, nowMs }: PlanDetailsProps): string {
  const { t } = useTranslation('home');
  const common = useTranslation().t;
  const locale = useLocale();
  const { plan, status, sources } = overview;
  const [job] = orders.jobs;
  if (job !== undefined) return t('job.running', { kind: common(`job.${job.kind}`) });
  if (orders.failure !== null) return failureWords(orders.failure, locale).title;
  const [worst] = status.reasons;
  if (worst !== undefined) return reasonWords(worst, locale, reasonSetting(plan, nowMs)).sentence;
  const copies = sources.flatMap(({ newestCopyAtMs }) => newestCopyAtMs ?? []);
  if (copies.length === 0) return t('noCopy');
  // The oldest of them is the promise that holds for all.
  return t('newestCopy', { age: formatAge(nowMs - Math.min(...copies), locale) });
}
