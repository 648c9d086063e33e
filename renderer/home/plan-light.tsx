// The large answer for one plan: Protected, Attention or Not protected, why, and the one thing to do about it.
import {
  makeStyles,
  mergeClasses,
  Text,
  tokens,
  typographyStyles,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { PlanOverview } from '../../shared/model/overview.ts';
import { statusTitle } from '../../shared/text/status-words.ts';
import { StatusIcon } from '../ui/status-icon.tsx';
import { useLocale } from '../use-locale.ts';
import { PlanActionButton } from './plan-action-button.tsx';
import { actionFor } from './reason-action.ts';
import { ReasonList } from './reason-list.tsx';
import type { PlanOrders } from './use-plan-orders.ts';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    gap: tokens.spacingHorizontalXL,
    padding: tokens.spacingHorizontalXXL,
    borderRadius: tokens.borderRadiusXLarge,
    '@media (max-width: 700px)': {
      padding: tokens.spacingHorizontalL,
      gap: tokens.spacingHorizontalM,
    },
  },
  protected: {
    backgroundColor: tokens.colorStatusSuccessBackground1,
    border: `1px solid ${tokens.colorStatusSuccessBorder1}`,
  },
  attention: {
    backgroundColor: tokens.colorStatusWarningBackground1,
    border: `1px solid ${tokens.colorStatusWarningBorder1}`,
  },
  'not-protected': {
    backgroundColor: tokens.colorStatusDangerBackground1,
    border: `1px solid ${tokens.colorStatusDangerBorder1}`,
  },
  words: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    minWidth: 0,
    flexGrow: 1,
  },
  heading: { ...typographyStyles.title1, margin: 0, color: tokens.colorNeutralForeground1 },
  plan: { overflowWrap: 'anywhere', color: tokens.colorNeutralForeground2 },
  action: { marginTop: tokens.spacingVerticalS },
});

interface PlanLightProps {
  readonly overview: PlanOverview;
  readonly orders: PlanOrders;
  readonly nowMs: number;
}

export function PlanLight({ overview, orders, nowMs }: PlanLightProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const locale = useLocale();
  const { kind, reasons } = overview.status;
  return (
    <section className={mergeClasses(styles.card, styles[kind])}>
      <StatusIcon kind={kind} size="large" />
      <div className={styles.words}>
        <Text className={styles.plan} weight="semibold">
          {overview.plan.name}
        </Text>
        <h1 className={styles.heading}>{statusTitle(kind, locale)}</h1>
        {reasons.length === 0 ? (
          <Text>{t('allGood')}</Text>
        ) : (
          <ReasonList overview={overview} nowMs={nowMs} />
        )}
        {actionFor(overview) !== null && (
          <div className={styles.action}>
            <PlanActionButton overview={overview} orders={orders} appearance="primary" />
          </div>
        )}
      </div>
    </section>
  );
}
