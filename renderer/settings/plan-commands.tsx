// The commands around a plan's backups, to be read. The window cannot change them: it must not be able to start programs.
import { Divider, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { commandText, hasActions } from '../../shared/model/actions.ts';
import type { Plan } from '../../shared/model/plan.ts';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  command: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
  hint: { color: tokens.colorNeutralForeground2 },
});

export function PlanCommands({ plan: { actions } }: { readonly plan: Plan }) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  if (!hasActions(actions)) return null;
  const { before, after } = actions;
  return (
    <>
      <Divider />
      <div className={styles.box}>
        {before !== null && (
          <>
            <Text weight="semibold">{t('plans.commandBefore')}</Text>
            <Text className={styles.command}>{commandText(before.command)}</Text>
          </>
        )}
        {after !== null && (
          <>
            <Text weight="semibold">{t('plans.commandAfter')}</Text>
            <Text className={styles.command}>{commandText(after.command)}</Text>
          </>
        )}
        <Text className={styles.hint}>{t('plans.commandHint')}</Text>
      </div>
    </>
  );
}
