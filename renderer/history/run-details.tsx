// One run in full: how it ended and what to do about it, its figures, where the time went, and undo where it can be undone.
import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  MessageBar,
  MessageBarBody,
  OverlayDrawer,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Dismiss20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../shared/model/run.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { useAsk } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { UndoDialog } from '../ui/undo-dialog.tsx';
import { useLocale } from '../use-locale.ts';
import { CopyableId } from './copyable-id.tsx';
import { PhaseBars } from './phase-bars.tsx';
import { RunActions } from './run-actions.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunStateIcon } from './run-state-icon.tsx';

const useStyles = makeStyles({
  drawer: { maxWidth: '100vw' },
  body: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  state: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  problems: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalL,
    overflowWrap: 'anywhere',
  },
});

interface RunDetailsProps {
  readonly run: Run;
  readonly plan: string | null;
  readonly onClose: () => void;
}

export function RunDetails({ run, plan, onClose }: RunDetailsProps) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  const common = useTranslation().t;
  return (
    <OverlayDrawer
      open
      position="end"
      size="medium"
      className={styles.drawer}
      onOpenChange={onClose}
    >
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <Button
              appearance="subtle"
              aria-label={common('action.close')}
              icon={<Dismiss20Regular />}
              onClick={onClose}
            />
          }
        >
          {t(`kind.${run.kind}`)}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody className={styles.body} tabIndex={0}>
        <Ending run={run} />
        <UndoOfRun run={run} />
        <RunFacts run={run} plan={plan} />
        {run.point !== null && <CopyableId id={run.point} />}
        <PhaseBars phaseMs={run.figures.phaseMs} />
        <RunActions actions={run.actions} />
        {run.isRebuilt && <Text>{t('details.rebuilt')}</Text>}
      </DrawerBody>
    </OverlayDrawer>
  );
}

function Ending({ run: { state, failure, problems } }: { readonly run: Run }) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  const locale = useLocale();
  return (
    <div className={styles.section}>
      <div className={styles.state}>
        <RunStateIcon state={state} />
        <Text weight="semibold">{t(`state.${state}`)}</Text>
      </div>
      {failure === null || failure.code === 'cancelled' ? (
        <Text>{t(`stateText.${state}`)}</Text>
      ) : (
        <FailurePanel failure={failure} />
      )}
      {problems.length > 0 && (
        <>
          <Subtitle2 as="h3">{t('details.problems')}</Subtitle2>
          <ul className={styles.problems}>
            {problems.map((problem, index) => {
              const { title, cause, nextStep } = failureWords(problem.failure, locale);
              return (
                <li key={index}>
                  <Text weight="semibold">{title}</Text>{' '}
                  <Text>
                    {cause} {nextStep}
                  </Text>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </div>
  );
}

/** For a restore in place whose previous state is still kept. */
function UndoOfRun({ run }: { readonly run: Run }) {
  const { t } = useTranslation('history');
  const overview = useAsk('overview', {}).data;
  const [isAsking, setAsking] = useState(false);
  const [isUndone, setUndone] = useState(false);
  const undo = overview?.undos.find((one) => one.run === run.id);
  if (isUndone) {
    return (
      <MessageBar intent="success">
        <MessageBarBody>{t('details.undone')}</MessageBarBody>
      </MessageBar>
    );
  }
  if (overview === undefined || undo === undefined) return null;
  return (
    <div>
      <Button appearance="primary" onClick={() => setAsking(true)}>
        {t('details.undo')}
      </Button>
      {isAsking && (
        <UndoDialog
          undo={undo}
          nowMs={overview.nowMs}
          onClose={() => setAsking(false)}
          onDone={() => setUndone(true)}
        />
      )}
    </div>
  );
}
