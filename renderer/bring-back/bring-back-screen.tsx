// Bring something back: five steps from what happened to the evidence. Nothing is changed before the last button.
import { Button, makeStyles, Text } from '@fluentui/react-components';
import { useReducer } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanId } from '../../shared/model/ids.ts';
import type { PlanOverview } from '../../shared/model/overview.ts';
import type { TimelinePoint } from '../../shared/model/timeline.ts';
import { useAsk } from '../bridge/use-call.ts';
import { useHold } from '../bridge/use-hold.ts';
import { useNavigation } from '../route.ts';
import { Answer } from '../ui/answer.tsx';
import { Page } from '../ui/page.tsx';
import { StepHeading } from '../ui/step-heading.tsx';
import {
  beginFlow,
  bringBackSteps,
  changeFlow,
  isComplete,
  isOfRows,
  neighbourOf,
  requestOf,
  type BringBackFlow,
  type BringBackStep,
} from './bring-back-flow.ts';
import { CarryOutView } from './carry-out-view.tsx';
import { CheckPage } from './check-page.tsx';
import { HappenedStep } from './happened-step.tsx';
import { NothingProtected } from './nothing-protected.tsx';
import { TimelineStep } from './timeline-step.tsx';
import type { StepProps } from './step-props.ts';
import { useCarryOut } from './use-carry-out.ts';
import { useForgetPreviews } from './use-preview.ts';
import { useRowSession, type RowSessionUse } from './use-row-session.ts';
import { WhatStep } from './what-step.tsx';
import { WhereStep } from './where-step.tsx';

const useStyles = makeStyles({ leave: { marginInlineEnd: 'auto' } });

const stepTitles = {
  happened: 'happened.title',
  when: 'when.title',
  what: 'what.title',
  where: 'where.title',
  check: 'check.title',
} as const satisfies Record<BringBackStep, string>;

export function BringBackScreen({ plan }: { readonly plan: PlanId | null }) {
  const overview = useAsk('overview', {});
  if (overview.data === undefined) {
    return (
      <Page>
        <Answer of={overview}>{() => null}</Answer>
      </Page>
    );
  }
  const { plans } = overview.data;
  if (plans.length === 0) return <NothingProtected />;
  const only = plans.length === 1 ? (plans[0]?.plan.id ?? null) : null;
  // Another plan, asked for from outside, begins anew.
  return <Flow key={plan} plans={plans} begun={plan ?? only} />;
}

interface FlowProps {
  readonly plans: readonly PlanOverview[];
  readonly begun: PlanId | null;
}

function Flow({ plans, begun }: FlowProps) {
  const [flow, change] = useReducer(changeFlow, begun, beginFlow);
  const carryOut = useCarryOut();
  useHold(Object.keys(flow.records).length > 0 && carryOut.state.kind === 'idle');
  const forgetPreviews = useForgetPreviews();
  const point = useChosenPoint(flow);
  const rowSession = useRowSession({
    plan: flow.plan,
    point: flow.point,
    source: flow.source,
    isWanted: wantsRows(flow, point),
  });
  if (carryOut.state.kind !== 'idle') {
    return <CarryOutView of={carryOut} onBack={forgetPreviews} />;
  }
  const request = requestOf(flow);
  if (flow.step === 'check' && request !== null) {
    return (
      <CheckPage
        request={request}
        heading={<FlowHeading step="check" />}
        onBack={() => change({ kind: 'go', step: 'where' })}
        onGoOnWithoutUndo={(goOn) => change({ kind: 'without-undo', goOn })}
        onBegin={(readiness) => carryOut.begin(request, readiness)}
      />
    );
  }
  return (
    <Page footer={<FlowFooter flow={flow} change={change} onCheck={forgetPreviews} />}>
      <FlowHeading step={flow.step} />
      <Step flow={flow} change={change} plans={plans} point={point} rowSession={rowSession} />
    </Page>
  );
}

function useChosenPoint(flow: BringBackFlow): TimelinePoint | null {
  // Asked for by the second step; here it is only looked up.
  const isAsked = flow.plan !== null && flow.step !== 'happened';
  const timeline = useAsk('timeline', { plan: flow.plan as PlanId }, { enabled: isAsked });
  if (!isAsked) return null;
  return timeline.data?.points.find(({ id }) => id === flow.point) ?? null;
}

/** The copy to choose from is fetched when that choice is reached, and kept while it can still be changed. */
function wantsRows(flow: BringBackFlow, point: TimelinePoint | null): boolean {
  const isReached = flow.step !== 'happened' && flow.step !== 'when';
  if (!isReached || point === null || !isOfRows(flow.scope)) return false;
  const source = point.sources.find(({ id }) => id === flow.source);
  if (source === undefined) return false;
  return flow.scope === 'rows' || source.counts === null;
}

function FlowHeading({ step }: { readonly step: BringBackStep }) {
  const { t } = useTranslation('bringBack');
  const at = bringBackSteps.indexOf(step);
  return (
    <StepHeading
      step={at}
      steps={bringBackSteps.length}
      caption={t('step', { number: at + 1, count: bringBackSteps.length })}
      title={t(stepTitles[step])}
    />
  );
}

interface StepViewProps extends StepProps {
  readonly plans: readonly PlanOverview[];
  readonly point: TimelinePoint | null;
  readonly rowSession: RowSessionUse;
}

function Step({ flow, change, plans, point, rowSession }: StepViewProps) {
  const { t } = useTranslation('bringBack');
  switch (flow.step) {
    case 'happened':
      return <HappenedStep flow={flow} change={change} plans={plans} />;
    case 'when':
      if (flow.plan === null) return null;
      return <TimelineStep plan={flow.plan} flow={flow} change={change} />;
    case 'what':
      // Only chosen points get here: this one was tidied up meanwhile.
      if (point === null) return <Text>{t('when.gone')}</Text>;
      return <WhatStep flow={flow} change={change} point={point} rowSession={rowSession} />;
    case 'where':
    case 'check':
      return <WhereStep flow={flow} change={change} />;
  }
}

interface FlowFooterProps extends StepProps {
  readonly onCheck: () => void;
}

function FlowFooter({ flow, change, onCheck }: FlowFooterProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  const { go } = useNavigation();
  const before = neighbourOf(flow.step, -1);
  const after = neighbourOf(flow.step, 1);
  const next = (): void => {
    if (flow.step === 'happened' && flow.happening === 'new-computer') {
      go({ kind: 'connect' });
    } else if (after !== null) {
      if (after === 'check') onCheck();
      change({ kind: 'go', step: after });
    }
  };
  return (
    <>
      <Button appearance="subtle" className={styles.leave} onClick={() => go({ kind: 'home' })}>
        {t('leave')}
      </Button>
      {before !== null && (
        <Button onClick={() => change({ kind: 'go', step: before })}>
          {common('action.back')}
        </Button>
      )}
      <Button appearance="primary" disabled={!isComplete(flow, flow.step)} onClick={next}>
        {common('action.next')}
      </Button>
    </>
  );
}
