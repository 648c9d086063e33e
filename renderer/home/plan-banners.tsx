// What keeps a plan's backups from being made on time: a pause, or a slot that is overdue.
import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { isPaused } from '../../shared/model/plan.ts';
import { useMomentWords } from '../ui/use-moment-words.ts';
import type { PlanDetailsProps } from './plan-details.tsx';
import { actionFor } from './reason-action.ts';

export function PlanBanners({ overview, orders, nowMs }: PlanDetailsProps) {
  const { t } = useTranslation('home');
  const moment = useMomentWords(nowMs);
  const { plan, overdueSinceMs, status } = overview;
  const until = plan.paused?.untilMs ?? null;
  // A missed slot is in the reasons of the light already.
  const isTold = status.reasons.some(({ code }) => code === 'slot-missed');
  if (isPaused(plan, nowMs)) {
    return (
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          {until === null ? t('paused') : t('pausedUntil', { moment: moment(until) })}
        </MessageBarBody>
        {actionFor(overview)?.kind !== 'resume' && (
          <MessageBarActions>
            <Button onClick={orders.resume}>{t('action.resume')}</Button>
          </MessageBarActions>
        )}
      </MessageBar>
    );
  }
  if (overdueSinceMs === null || isTold) return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{t('overdue', { moment: moment(overdueSinceMs) })}</MessageBarBody>
    </MessageBar>
  );
}
