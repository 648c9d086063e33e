// Setup: five steps from the CRM's file to the first proved backup. Any step can be left; coming back finds it as it was.
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useEffect, useId, type Dispatch } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigation } from '../route.ts';
import { Page } from '../ui/page.tsx';
import { StepHeading } from '../ui/step-heading.tsx';
import { FirstBackupStep } from './first-backup-step.tsx';
import { PlaceStep } from './place-step.tsx';
import { ProtectionStep } from './protection-step.tsx';
import { ScheduleStep } from './schedule-step.tsx';
import { useSetupDraft } from './setup-draft-context.tsx';
import {
  gateOf,
  neighbourOf,
  setupSteps,
  type DraftChange,
  type SetupDraft,
  type SetupStep,
} from './setup-draft.ts';
import { SourceStep } from './source-step.tsx';
import { useProtect } from './use-protect.ts';

const titles = {
  source: 'source.title',
  place: 'place.title',
  schedule: 'schedule.title',
  protection: 'protection.title',
  'first-backup': 'firstBackup.title',
} as const satisfies Record<SetupStep, string>;

const useStyles = makeStyles({
  why: { alignSelf: 'center', marginInlineEnd: 'auto', color: tokens.colorNeutralForeground2 },
});

export function SetupScreen() {
  const { t } = useTranslation('setup');
  const { draft, change } = useSetupDraft();
  const protect = useProtect();
  useNewPlanAfterOne(draft, change);
  const step = setupSteps.indexOf(draft.step);
  return (
    <Page footer={<SetupFooter protect={protect} />}>
      <StepHeading
        step={step}
        steps={setupSteps.length}
        caption={t('step', { number: step + 1, count: setupSteps.length })}
        title={t(titles[draft.step])}
      />
      <Step protect={protect} />
    </Page>
  );
}

/** Whoever comes back after the plan was made and its kit confirmed finds that plan on Home, and makes another one here. */
function useNewPlanAfterOne(draft: SetupDraft, change: Dispatch<DraftChange>): void {
  const isMade = draft.protection !== null && draft.isKitConfirmed;
  useEffect(() => {
    if (isMade) change({ kind: 'begin-anew' });
    // Only on entering: going on to the first backup must not begin anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
}

type Protecting = ReturnType<typeof useProtect>;

function Step({ protect }: { readonly protect: Protecting }) {
  const { draft } = useSetupDraft();
  switch (draft.step) {
    case 'source':
      return <SourceStep />;
    case 'place':
      return <PlaceStep />;
    case 'schedule':
      return <ScheduleStep />;
    case 'protection':
      return <ProtectionStep protect={protect} />;
    case 'first-backup':
      return <FirstBackupStep />;
  }
}

function SetupFooter({ protect }: { readonly protect: Protecting }) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const common = useTranslation().t;
  const { draft, change } = useSetupDraft();
  const { go } = useNavigation();
  const before = draft.protection === null ? neighbourOf(draft.step, -1) : null;
  const after = neighbourOf(draft.step, 1);
  const mustCreate = draft.step === 'protection' && draft.protection === null;
  const why = useWhyNot(draft, protect);
  const whyId = useId();
  const next = (): void => {
    if (mustCreate) protect.begin();
    else if (after !== null) change({ kind: 'go', step: after });
  };
  return (
    <>
      {why !== null && (
        <Text id={whyId} className={styles.why}>
          {why}
        </Text>
      )}
      <Button appearance="subtle" onClick={() => go({ kind: 'home' })}>
        {t('leave')}
      </Button>
      {before !== null && (
        <Button disabled={protect.isPending} onClick={() => change({ kind: 'go', step: before })}>
          {common('action.back')}
        </Button>
      )}
      {after !== null && (
        // It can be reached with the keyboard while it says no, else nobody would hear why.
        <Button
          appearance="primary"
          disabledFocusable={why !== null}
          {...(why === null ? {} : { 'aria-describedby': whyId })}
          onClick={next}
        >
          {mustCreate ? t('protection.create') : common('action.next')}
        </Button>
      )}
    </>
  );
}

/** Why the way on is closed, in words; null: it is open. */
function useWhyNot(draft: SetupDraft, protect: Protecting): string | null {
  const { t } = useTranslation('setup');
  if (protect.isPending) return t('protection.creating');
  const gate = gateOf(draft);
  return gate.kind === 'open' ? null : t(`missing.${gate.what}`);
}
