// The ways on that are always in sight; the shortest way back comes last, where the eye ends.
import { Button, makeStyles } from '@fluentui/react-components';
import { Add20Regular, ArrowCounterclockwise20Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { PlanOverview } from '../../shared/model/overview.ts';
import { useNavigation } from '../route.ts';

const useStyles = makeStyles({ first: { marginInlineEnd: 'auto' } });

export function HomeFooter({ plans }: { readonly plans: readonly PlanOverview[] }) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const { go } = useNavigation();
  const plan = plans.length === 1 ? (plans[0]?.plan.id ?? null) : null;
  const isAllProtected = plans.every(({ status }) => status.kind === 'protected');
  return (
    <>
      <Button
        appearance="subtle"
        className={styles.first}
        icon={<Add20Regular />}
        onClick={() => go({ kind: 'setup' })}
      >
        {t('addPlan')}
      </Button>
      <Button onClick={() => go({ kind: 'bring-back', plan })}>{t('action.bringBack')}</Button>
      <Button
        // One primary action on the screen: what a light asks for comes first.
        appearance={isAllProtected ? 'primary' : 'secondary'}
        icon={<ArrowCounterclockwise20Regular />}
        onClick={() => go({ kind: 'one-click', plan })}
      >
        {t('oneClick')}
      </Button>
    </>
  );
}
