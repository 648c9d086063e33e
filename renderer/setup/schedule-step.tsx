// Step 3: when, how long, and what room that will take.
import {
  makeStyles,
  MessageBar,
  MessageBarBody,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { estimateSpaceBytes } from '../../shared/model/estimate-space.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { KeepEditor } from '../ui/keep-editor.tsx';
import { ScheduleEditor } from '../ui/schedule-editor.tsx';
import { useLocale } from '../use-locale.ts';
import { useSetupDraft } from './setup-draft-context.tsx';
import { leastFreeBytes } from './setup-draft.ts';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
});

export function ScheduleStep() {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const { draft, change } = useSetupDraft();
  return (
    <>
      <section className={styles.section}>
        <Subtitle2 as="h2">{t('schedule.when')}</Subtitle2>
        <ScheduleEditor
          value={draft.schedule}
          onChange={(schedule) => change({ kind: 'set', part: { schedule } })}
        />
        <Text>{t('schedule.signedIn')}</Text>
      </section>
      <section className={styles.section}>
        <Subtitle2 as="h2">{t('schedule.keep')}</Subtitle2>
        <KeepEditor
          value={draft.keep}
          onChange={(keep) => change({ kind: 'set', part: { keep } })}
        />
      </section>
      <NeededSpace />
    </>
  );
}

function NeededSpace() {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const locale = useLocale();
  const { draft } = useSetupDraft();
  const { sources, schedule, keep } = draft;
  const sourceBytes = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  const needed = estimateSpaceBytes(sourceBytes, schedule, keep);
  const free = leastFreeBytes(draft);
  return (
    <section className={styles.section}>
      <Subtitle2 as="h2">{t('schedule.space')}</Subtitle2>
      <Text>{t('schedule.spaceGuess', { size: formatBytes(needed, locale) })}</Text>
      {free !== null && free < needed && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {t('schedule.spaceTight', { free: formatBytes(free, locale) })}
          </MessageBarBody>
        </MessageBar>
      )}
    </section>
  );
}
