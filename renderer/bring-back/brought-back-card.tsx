// One thing that came back: its evidence, Undo while it can be undone, Redo after that, and where to find it.
import { Button, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { ArrowRedo20Regular, ArrowUndo20Regular, FolderOpen20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BroughtBack } from '../../shared/model/bring-back.ts';
import type { RunId } from '../../shared/model/ids.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { useLocale } from '../use-locale.ts';
import { FactList, type Fact } from './fact-list.tsx';
import { TargetCard } from './target-card.tsx';
import { UndoAnyway } from './undo-anyway.tsx';
import { formatWhen, zoneHere } from './when-words.ts';

const useStyles = makeStyles({
  buttons: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  until: { color: tokens.colorNeutralForeground2 },
});

export function BroughtBackCard({ of }: { readonly of: BroughtBack }) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const undo = useUndo(of);
  return (
    <TargetCard name={of.name}>
      {undo.turns > 0 && (
        <Text role="status" weight="semibold">
          {t(undo.isUndone ? 'run.undone' : 'run.redone')}
        </Text>
      )}
      <FactList facts={useEvidence(of)} />
      <UndoFailure of={of} undo={undo} />
      <div className={styles.buttons}>
        <UndoButton of={of} undo={undo} />
        <ShowButton of={of} />
      </div>
      {undo.turns === 0 && <UndoUntil of={of} />}
    </TargetCard>
  );
}

interface UndoUse {
  /** Null: it cannot be turned any more. */
  readonly run: RunId | null;
  readonly isUndone: boolean;
  readonly isUnderWay: boolean;
  readonly error: Error | null;
  /** How often it was undone or redone. */
  readonly turns: number;
  readonly turn: (evenIfChanged: boolean) => void;
}

/** Undo, and undoing the undo, and so on: each names the run that the next one takes back. */
function useUndo({ run, undoUntilMs }: BroughtBack): UndoUse {
  const order = useOrder('undo');
  const [state, setState] = useState({ run: undoUntilMs === null ? null : run, turns: 0 });
  return {
    run: state.run,
    isUndone: state.turns % 2 === 1,
    isUnderWay: order.isPending,
    error: order.error,
    turns: state.turns,
    turn: (evenIfChanged) => {
      if (state.run === null) return;
      order.mutate(
        { run: state.run, evenIfChanged },
        {
          onSuccess: ({ redo }) => setState({ run: redo?.run ?? null, turns: state.turns + 1 }),
        },
      );
    },
  };
}

interface UndoPartProps {
  readonly of: BroughtBack;
  readonly undo: UndoUse;
}

function UndoButton({ of, undo }: UndoPartProps) {
  const { t } = useTranslation('bringBack');
  const { isUndone } = undo;
  if (undo.isUnderWay) {
    const label = t(isUndone ? 'run.redoing' : 'run.undoing');
    return <Spinner size="small" labelPosition="after" label={label} />;
  }
  if (undo.run === null) return null;
  return (
    <Button
      icon={isUndone ? <ArrowRedo20Regular /> : <ArrowUndo20Regular />}
      aria-label={t(isUndone ? 'run.redoLabel' : 'run.undoLabel', { name: of.name })}
      onClick={() => undo.turn(false)}
    >
      {t(isUndone ? 'run.redo' : 'run.undo')}
    </Button>
  );
}

function UndoFailure({ of, undo }: UndoPartProps) {
  if (undo.error === null || undo.isUnderWay) return null;
  const failure = failureIn(undo.error);
  if (failure.code !== 'target-changed') return <FailurePanel failure={failure} />;
  return (
    <>
      <FailurePanel failure={failure} />
      <UndoAnyway path={of.path} onConfirm={() => undo.turn(true)} />
    </>
  );
}

function ShowButton({ of }: { readonly of: BroughtBack }) {
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  const show = useOrder('showInFolder');
  return (
    <>
      <Button
        icon={<FolderOpen20Regular />}
        aria-label={t('run.showLabel', { name: of.name })}
        onClick={() => show.mutate({ path: of.path })}
      >
        {common('action.showInFolder')}
      </Button>
      {show.error !== null && <FailurePanel failure={failureIn(show.error)} />}
    </>
  );
}

function UndoUntil({ of }: { readonly of: BroughtBack }) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  // New files in a folder: there is nothing to take back.
  if (of.run === null) return null;
  return (
    <Text className={styles.until}>
      {of.undoUntilMs === null
        ? t('run.noUndo')
        : t('run.undoUntil', { moment: formatWhen(of.undoUntilMs, zoneHere(), locale) })}
    </Text>
  );
}

function useEvidence(of: BroughtBack): readonly Fact[] {
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  // Of single rows nothing is said that was not looked at.
  const isChecked = of.isIntegrityChecked || of.rowsTouched === null;
  const checked = of.isIntegrityChecked ? 'run.integrityPassed' : 'run.integrityNone';
  return [
    ...(isChecked ? [[t('run.integrity'), t(checked)] as const] : []),
    ...(of.rowsTouched === null
      ? [
          [t('run.bytes'), formatBytes(of.bytes, locale)] as const,
          [t('run.files'), new Intl.NumberFormat(locale).format(of.files)] as const,
        ]
      : [[t('run.rows'), t('run.rowsTouched', { count: of.rowsTouched })] as const]),
    [t('run.path'), of.path],
  ];
}
