// Step 5: everything that would be written, what will differ, and what stands in the way. Changes nothing.
import {
  Button,
  Checkbox,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  UNDO_KEPT_DAYS,
  type BringBackPreview,
  type BringBackRequest,
} from '../../shared/model/bring-back.ts';
import { failureIn } from '../bridge/client.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { useLocale } from '../use-locale.ts';
import { joinWords } from './join-words.ts';
import { PlannedTargetCard } from './planned-target-card.tsx';
import type { Holder, Readiness } from './readiness.ts';
import type { Preview } from './use-preview.ts';
import { formatSince, formatWhen, zoneHere } from './when-words.ts';

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
  again: { alignSelf: 'flex-start' },
});

interface CheckStepProps {
  readonly request: BringBackRequest;
  readonly of: Preview;
  readonly onGoOnWithoutUndo: (goOn: boolean) => void;
}

export function CheckStep({ request, of, onGoOnWithoutUndo }: CheckStepProps) {
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  const { preview, error, lookAgain } = of;
  if (preview === null && error !== null) {
    const again = <Button onClick={lookAgain}>{common('action.tryAgain')}</Button>;
    return <FailurePanel failure={failureIn(error)} action={again} />;
  }
  if (preview === null) return <Spinner label={t('check.looking')} />;
  return (
    <>
      <PreviewMoment preview={preview} />
      {error !== null && <FailurePanel failure={failureIn(error)} />}
      <Obstacles
        readiness={of.readiness}
        asksForNoUndo={of.asksForNoUndo}
        goesOn={request.goOnWithoutUndo}
        onGoOn={onGoOnWithoutUndo}
        onAgain={lookAgain}
      />
      <PlannedTargets
        preview={preview}
        into={request.where.kind}
        canUndo={!(of.asksForNoUndo && request.goOnWithoutUndo)}
      />
    </>
  );
}

function PreviewMoment({ preview }: { readonly preview: BringBackPreview }) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const moment = formatWhen(preview.takenAtMs, zoneHere(), useLocale());
  return <Text className={styles.quiet}>{t('check.point', { moment })}</Text>;
}

interface PlannedTargetsProps {
  readonly preview: BringBackPreview;
  readonly into: 'in-place' | 'folder';
  readonly canUndo: boolean;
}

/** Every target of a preview; says that what is there now is kept. */
export function PlannedTargets({ preview, into, canUndo }: PlannedTargetsProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const [nowMs] = useState(() => Date.now());
  const since = formatSince(preview.takenAtMs, nowMs, zoneHere(), useLocale());
  return (
    <>
      {preview.targets.map((target) => (
        <PlannedTargetCard
          key={`${target.source}:${target.path}`}
          target={target}
          into={into}
          since={since}
          canUndo={canUndo}
        />
      ))}
      {into === 'in-place' && canUndo && (
        <Text className={styles.quiet}>{t('check.kept', { days: UNDO_KEPT_DAYS })}</Text>
      )}
    </>
  );
}

interface ObstaclesProps {
  readonly readiness: Readiness | null;
  readonly asksForNoUndo: boolean;
  readonly goesOn: boolean;
  readonly onGoOn: (goOn: boolean) => void;
  readonly onAgain: () => void;
}

/** What stands in the way, and what can be done about it. */
export function Obstacles({ readiness, asksForNoUndo, goesOn, onGoOn, onAgain }: ObstaclesProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const blocking = readiness?.kind === 'blocked' ? readiness.failures : [];
  return (
    <>
      {blocking.map((failure) => (
        <FailurePanel key={JSON.stringify(failure)} failure={failure} />
      ))}
      {readiness?.kind === 'no-undo' && <FailurePanel failure={readiness.failure} />}
      {asksForNoUndo && (
        <Checkbox
          label={t('check.withoutUndo')}
          checked={goesOn}
          onChange={(_, { checked }) => onGoOn(checked === true)}
        />
      )}
      {readiness?.kind === 'in-use' && <InUseNotice holders={readiness.holders} />}
      {readiness !== null && readiness.kind !== 'ready' && (
        <Button className={styles.again} onClick={onAgain}>
          {t('check.lookAgain')}
        </Button>
      )}
    </>
  );
}

function InUseNotice({ holders }: { readonly holders: readonly Holder[] }) {
  const { t } = useTranslation('bringBack');
  const words = useHolderWords();
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{holders.map(words).join(' · ')}</MessageBarTitle>
        {t('free.notice')}
      </MessageBarBody>
    </MessageBar>
  );
}

/** Who has a file open, in words. */
export function useHolderWords(): (holder: Holder) => string {
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  return ({ names }) =>
    names.length === 0 ? t('free.byUnknown') : t('free.by', { names: joinWords(names, locale) });
}
