// One plan: its name, its times, how long copies are kept, its secrets; pause and delete.
import {
  Button,
  Divider,
  makeStyles,
  Text,
  tokens,
  typographyStyles,
} from '@fluentui/react-components';
import { ChevronDown20Regular, ChevronUp20Regular } from '@fluentui/react-icons';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isPaused, type Plan } from '../../shared/model/plan.ts';
import { formatSchedule } from '../../shared/text/schedule-words.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { KeepEditor } from '../ui/keep-editor.tsx';
import { ScheduleEditor } from '../ui/schedule-editor.tsx';
import { useLocale } from '../use-locale.ts';
import { PlanCommands } from './plan-commands.tsx';
import { PlanName } from './plan-name.tsx';
import { PlanPause } from './plan-pause.tsx';
import { PlanSecrets } from './plan-secrets.tsx';
import { SavedMark } from './settings-section.tsx';

const useStyles = makeStyles({
  box: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    padding: tokens.spacingHorizontalL,
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
  },
  words: { flexGrow: 1, flexBasis: '12em', minWidth: 0, overflowWrap: 'anywhere' },
  title: { ...typographyStyles.subtitle2, margin: 0 },
  facts: { color: tokens.colorNeutralForeground2 },
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    marginTop: tokens.spacingVerticalL,
  },
});

interface PlanSettingsProps {
  readonly plan: Plan;
  readonly nowMs: number;
  readonly isOpenAtFirst: boolean;
}

export function PlanSettings({ plan, nowMs, isOpenAtFirst }: PlanSettingsProps) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const schedule = formatSchedule(plan.schedule, useLocale());
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const body = useId();
  return (
    <div className={styles.box}>
      <div className={styles.head}>
        <div className={styles.words}>
          <h3 className={styles.title}>{plan.name}</h3>
          <Text className={styles.facts}>
            {isPaused(plan, nowMs) ? `${schedule} · ${t('plans.paused')}` : schedule}
          </Text>
        </div>
        <Button
          appearance="subtle"
          icon={isOpen ? <ChevronUp20Regular /> : <ChevronDown20Regular />}
          aria-expanded={isOpen}
          aria-controls={body}
          aria-label={t(isOpen ? 'plans.close' : 'plans.open', { plan: plan.name })}
          onClick={() => setOpen(!isOpen)}
        />
      </div>
      <div id={body}>{isOpen && <PlanBody plan={plan} nowMs={nowMs} />}</div>
    </div>
  );
}

function PlanBody({ plan, nowMs }: Omit<PlanSettingsProps, 'isOpenAtFirst'>) {
  const styles = useStyles();
  // What was chosen stays even if it could not be saved: the failure says so.
  const [schedule, setSchedule] = useState(plan.schedule);
  const [keep, setKeep] = useState(plan.keep);
  const order = useOrder('changePlan');
  return (
    <div className={styles.body}>
      <PlanName plan={plan} />
      <Divider />
      <ScheduleEditor
        value={schedule}
        onChange={(next) => {
          setSchedule(next);
          order.mutate({ plan: plan.id, schedule: next });
        }}
      />
      <KeepEditor
        value={keep}
        onChange={(next) => {
          setKeep(next);
          order.mutate({ plan: plan.id, keep: next });
        }}
      />
      <SavedMark saving={order} />
      {order.error !== null && <FailurePanel failure={failureIn(order.error)} />}
      <Divider />
      <PlanSecrets plan={plan} />
      <PlanCommands plan={plan} />
      <Divider />
      <PlanPause plan={plan} nowMs={nowMs} />
    </div>
  );
}
