// The CRM data of a plan with the evidence: how old the newest copy is, when it was proved, and how long the way back takes.
import { makeStyles, tokens } from '@fluentui/react-components';
import { Database24Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { SourceOverview } from '../../shared/model/overview.ts';
import { formatAge, formatDuration } from '../../shared/text/durations.ts';
import { PathText } from '../ui/path-text.tsx';
import { Row } from '../ui/row.tsx';
import { useMomentWords } from '../ui/use-moment-words.ts';
import { useLocale } from '../use-locale.ts';

const useStyles = makeStyles({
  icon: { color: tokens.colorBrandForeground1, flexShrink: 0 },
});

interface SourceListProps {
  readonly sources: readonly SourceOverview[];
  readonly nowMs: number;
}

export function SourceList({ sources, nowMs }: SourceListProps) {
  const styles = useStyles();
  const factsOf = useEvidence(nowMs);
  return sources.map((source) => (
    <Row
      key={source.id}
      icon={<Database24Regular className={styles.icon} aria-hidden />}
      title={source.name}
      facts={factsOf(source)}
    >
      <PathText path={source.path} />
    </Row>
  ));
}

function useEvidence(nowMs: number): (source: SourceOverview) => readonly string[] {
  const { t } = useTranslation('home');
  const locale = useLocale();
  const moment = useMomentWords(nowMs);
  return ({ newestCopyAtMs, lastProvedDrillAtMs, recoveryMs }) => {
    if (newestCopyAtMs === null) return [t('noCopy')];
    const facts = [
      t('newestCopy', { age: formatAge(nowMs - newestCopyAtMs, locale) }),
      lastProvedDrillAtMs === null
        ? t('notProved')
        : t('provedAt', { moment: moment(lastProvedDrillAtMs) }),
    ];
    // What was never proved was never back.
    return recoveryMs === null || lastProvedDrillAtMs === null
      ? facts
      : [...facts, t('backIn', { time: formatDuration(recoveryMs, locale) })];
  };
}
