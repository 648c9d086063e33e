// Home: the answer to "if this computer dies now, what do I lose?", and the ways on from there.
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../shared/model/overview.ts';
import { useAsk } from '../bridge/use-call.ts';
import { Answer } from '../ui/answer.tsx';
import { HiddenHeading } from '../ui/hidden-heading.tsx';
import { Page } from '../ui/page.tsx';
import { useNow } from '../ui/use-now.ts';
import { FirstStart } from './first-start.tsx';
import { HomeFooter } from './home-footer.tsx';
import { OpenUndos } from './open-undos.tsx';
import { PlanCards } from './plan-cards.tsx';
import { PlanDetails } from './plan-details.tsx';
import { PlanLight } from './plan-light.tsx';
import { usePlanOrders } from './use-plan-orders.ts';

/** The light changes as time passes, without anybody telling. */
const ASK_EVERY_MS = 60_000;

export function HomeScreen() {
  const { t } = useTranslation('home');
  const overview = useAsk('overview', {}, { everyMs: ASK_EVERY_MS });
  if (overview.data === undefined) {
    return (
      <Page>
        <HiddenHeading>{t('title')}</HiddenHeading>
        <Answer of={overview}>{() => null}</Answer>
      </Page>
    );
  }
  return <Told overview={overview.data} heardAtMs={overview.dataUpdatedAt} />;
}

interface ToldProps {
  readonly overview: Overview;
  readonly heardAtMs: number;
}

function Told({ overview, heardAtMs }: ToldProps) {
  const nowMs = useNow(overview.nowMs, heardAtMs);
  const { plans, undos } = overview;
  const [only] = plans;
  if (only === undefined) return <FirstStart />;
  return (
    <Page footer={<HomeFooter plans={plans} />}>
      {plans.length === 1 ? (
        <OnePlan overview={overview} nowMs={nowMs} />
      ) : (
        <PlanCards plans={plans} nowMs={nowMs} undos={<OpenUndos undos={undos} nowMs={nowMs} />} />
      )}
    </Page>
  );
}

interface OnePlanProps {
  readonly overview: Overview;
  readonly nowMs: number;
}

function OnePlan({ overview: { plans, undos }, nowMs }: OnePlanProps) {
  const [plan] = plans;
  if (plan === undefined) return null;
  return <Single key={plan.plan.id} plan={plan} undos={undos} nowMs={nowMs} />;
}

interface SingleProps {
  readonly plan: Overview['plans'][number];
  readonly undos: Overview['undos'];
  readonly nowMs: number;
}

function Single({ plan, undos, nowMs }: SingleProps) {
  const orders = usePlanOrders(plan.plan);
  return (
    <>
      <PlanLight overview={plan} orders={orders} nowMs={nowMs} />
      <OpenUndos undos={undos} nowMs={nowMs} />
      <PlanDetails overview={plan} orders={orders} nowMs={nowMs} headings="h2" />
    </>
  );
}
