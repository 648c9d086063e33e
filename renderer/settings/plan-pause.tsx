// Pause or resume a plan, or delete it. Deleting says what stays.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Delete20Regular, Pause20Regular, Play20Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { isPaused, type Plan } from '../../shared/model/plan.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { useLocale } from '../use-locale.ts';

const useStyles = makeStyles({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
  },
  hint: { flexGrow: 1, color: tokens.colorNeutralForeground2 },
  content: { overflowWrap: 'anywhere' },
});

interface PlanPauseProps {
  readonly plan: Plan;
  readonly nowMs: number;
}

export function PlanPause({ plan, nowMs }: PlanPauseProps) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const pause = useOrder('pause');
  const resume = useOrder('resume');
  const error = pause.error ?? resume.error;
  return (
    <>
      <div className={styles.row}>
        {isPaused(plan, nowMs) ? (
          <Button
            icon={<Play20Regular />}
            disabled={resume.isPending}
            onClick={() => resume.mutate({ plan: plan.id })}
          >
            {t('plans.resume')}
          </Button>
        ) : (
          <Button
            icon={<Pause20Regular />}
            disabled={pause.isPending}
            onClick={() => pause.mutate({ plan: plan.id, untilMs: null })}
          >
            {t('plans.pause')}
          </Button>
        )}
        <Text className={styles.hint}>{t('plans.pauseHint')}</Text>
        <DeletePlan plan={plan} />
      </div>
      {error !== null && <FailurePanel failure={failureIn(error)} />}
    </>
  );
}

function DeletePlan({ plan }: { readonly plan: Plan }) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const common = useTranslation().t;
  const remove = useOrder('deletePlan');
  const list = new Intl.ListFormat(useLocale(), { type: 'conjunction' });
  const places = list.format(plan.places.map(({ path }) => path));
  return (
    <Dialog modalType="alert">
      <DialogTrigger disableButtonEnhancement>
        <Button icon={<Delete20Regular />}>{t('plans.delete')}</Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('plans.deleteTitle', { plan: plan.name })}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t('plans.deleteText', { places })}</Text>
            {remove.error !== null && <FailurePanel failure={failureIn(remove.error)} />}
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{common('action.cancel')}</Button>
            </DialogTrigger>
            <Button
              appearance="primary"
              disabled={remove.isPending}
              // The dialog goes with the plan, when the agent says that it is gone.
              onClick={() => remove.mutate({ plan: plan.id })}
            >
              {t('plans.deleteConfirm')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
