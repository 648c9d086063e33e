// The commands that were run around a backup: how each ended and what it put out.
import { makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { commandText, type ActionRecord } from '../../shared/model/actions.ts';
import { actionEndWords } from '../../shared/text/action-words.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import { useLocale } from '../use-locale.ts';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  command: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
  output: {
    margin: 0,
    padding: tokens.spacingHorizontalS,
    maxHeight: '16em',
    overflow: 'auto',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    backgroundColor: tokens.colorNeutralBackground3,
  },
});

export function RunActions({ actions }: { readonly actions: readonly ActionRecord[] }) {
  return actions.map((action, index) => <OneAction key={index} action={action} />);
}

function OneAction({ action }: { readonly action: ActionRecord }) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  const locale = useLocale();
  const { phase, command, end, durationMs, output, isLate } = action;
  const title = t(phase === 'before' ? 'details.commandBefore' : 'details.commandAfter');
  return (
    <div className={styles.section}>
      <Subtitle2 as="h3">{title}</Subtitle2>
      <Text className={styles.command}>{commandText(command)}</Text>
      <Text>
        {t('details.commandEnd', {
          end: actionEndWords(end, locale),
          duration: formatDuration(durationMs, locale),
        })}
      </Text>
      {isLate && <Text>{t('details.commandLate')}</Text>}
      {output !== '' && (
        // Focusable: it scrolls, and not everybody has a mouse.
        <pre className={styles.output} tabIndex={0} aria-label={t('details.commandOutput')}>
          {output}
        </pre>
      )}
    </div>
  );
}
