// Several plans: one answer for all of them, and a card for each that opens to its details.
import {
  Button,
  makeStyles,
  mergeClasses,
  Text,
  tokens,
  typographyStyles,
} from '@fluentui/react-components';
import { ChevronDown20Regular, ChevronUp20Regular } from '@fluentui/react-icons';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanOverview } from '../../shared/model/overview.ts';
import type { StatusKind } from '../../shared/model/status-reason.ts';
import { statusTitle } from '../../shared/text/status-words.ts';
import { StatusIcon } from '../ui/status-icon.tsx';
import { useLocale } from '../use-locale.ts';
import { PlanActionButton } from './plan-action-button.tsx';
import { PlanDetails } from './plan-details.tsx';
import { PlanSummary } from './plan-summary.tsx';
import { ReasonList } from './reason-list.tsx';
import { usePlanOrders } from './use-plan-orders.ts';
import { cardStyle } from '../ui/card-style.ts';

const useStyles = makeStyles({
  all: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalL },
  heading: { ...typographyStyles.title1, margin: 0 },
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  card: {
    padding: tokens.spacingHorizontalL,
    ...cardStyle,
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
  },
  words: { flexGrow: 1, flexBasis: '16em', minWidth: 0, overflowWrap: 'anywhere' },
  title: { ...typographyStyles.subtitle2, margin: 0, overflowWrap: 'anywhere' },
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    marginTop: tokens.spacingVerticalM,
  },
});

/** From good to bad. */
const order: readonly StatusKind[] = ['protected', 'attention', 'not-protected'];

/** The worst first; else as they came, by name. */
export function byNeed(plans: readonly PlanOverview[]): readonly PlanOverview[] {
  const rank = ({ status }: PlanOverview): number => order.indexOf(status.kind);
  return plans.toSorted((a, b) => rank(b) - rank(a));
}

/** The light of all plans together: the worst one. */
export function worstOf(plans: readonly PlanOverview[]): StatusKind {
  const kinds = plans.map(({ status }) => status.kind);
  return order.findLast((kind) => kinds.includes(kind)) ?? 'not-protected';
}

interface PlanCardsProps {
  readonly plans: readonly PlanOverview[];
  readonly nowMs: number;
  readonly undos: ReactNode;
}

export function PlanCards({ plans, nowMs, undos }: PlanCardsProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const worst = worstOf(plans);
  const good = plans.filter(({ status }) => status.kind === 'protected').length;
  return (
    <>
      <div className={styles.all}>
        <StatusIcon kind={worst} size="large" />
        <div>
          <h1 className={styles.heading}>{statusTitle(worst, useLocale())}</h1>
          <Text>{t('protectedOf', { good, count: plans.length })}</Text>
        </div>
      </div>
      {undos}
      <ul className={styles.list} aria-label={t('plansLabel')}>
        {byNeed(plans).map((overview) => (
          <PlanCard key={overview.plan.id} overview={overview} nowMs={nowMs} />
        ))}
      </ul>
    </>
  );
}

interface PlanCardProps {
  readonly overview: PlanOverview;
  readonly nowMs: number;
}

function PlanCard({ overview, nowMs }: PlanCardProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const orders = usePlanOrders(overview.plan);
  const [isOpen, setOpen] = useState(false);
  const body = useId();
  const { plan, status } = overview;
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <StatusIcon kind={status.kind} size="small" />
        <div className={styles.words}>
          <h2 className={styles.title}>{plan.name}</h2>
          <PlanSummary overview={overview} orders={orders} nowMs={nowMs} />
        </div>
        {/* The primary action of this screen is in its footer. */}
        <PlanActionButton overview={overview} orders={orders} appearance="secondary" />
        <Button
          appearance="subtle"
          icon={isOpen ? <ChevronUp20Regular /> : <ChevronDown20Regular />}
          aria-expanded={isOpen}
          aria-controls={body}
          aria-label={t('detailsOf', { plan: plan.name })}
          onClick={() => setOpen(!isOpen)}
        />
      </div>
      <div id={body} className={mergeClasses(isOpen && styles.body)}>
        {isOpen && status.reasons.length > 0 && <ReasonList overview={overview} nowMs={nowMs} />}
        {isOpen && <PlanDetails overview={overview} orders={orders} nowMs={nowMs} headings="h3" />}
      </div>
    </li>
  );
}
