// What was brought back and can still be taken back.
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenUndo } from '../../shared/model/overview.ts';
import { fileNameOf } from '../ui/path-text.tsx';
import { UndoDialog } from '../ui/undo-dialog.tsx';
import { useMomentWords } from '../ui/use-moment-words.ts';

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
});

interface OpenUndosProps {
  readonly undos: readonly OpenUndo[];
  readonly nowMs: number;
}

export function OpenUndos({ undos, nowMs }: OpenUndosProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const [asked, setAsked] = useState<OpenUndo | null>(null);
  const [done, setDone] = useState<{
    readonly name: string;
    readonly redo: OpenUndo | null;
  } | null>(null);
  // An undo that can be taken back is told as what it is.
  const shown = undos.filter(({ run }) => run !== done?.redo?.run);
  if (done === null && undos.length === 0) return null;
  return (
    <div className={styles.list} aria-live="polite">
      {done !== null && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>{t('undo.done', { name: done.name })}</MessageBarBody>
          {done.redo !== null && (
            <MessageBarActions>
              <Button onClick={() => setAsked(done.redo)}>{t('undo.redo')}</Button>
            </MessageBarActions>
          )}
        </MessageBar>
      )}
      {shown.map((undo) => (
        <OpenUndoBar key={undo.run} undo={undo} nowMs={nowMs} onUndo={() => setAsked(undo)} />
      ))}
      {asked !== null && (
        <UndoDialog
          undo={asked}
          nowMs={nowMs}
          onClose={() => setAsked(null)}
          onDone={(redo) => setDone({ name: fileNameOf(asked.target), redo })}
        />
      )}
    </div>
  );
}

interface OpenUndoBarProps {
  readonly undo: OpenUndo;
  readonly nowMs: number;
  readonly onUndo: () => void;
}

function OpenUndoBar({ undo, nowMs, onUndo }: OpenUndoBarProps) {
  const { t } = useTranslation('home');
  const moment = useMomentWords(nowMs);
  const name = fileNameOf(undo.target);
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        {t(`undo.${undo.kind}`, { name, moment: moment(undo.restoredAtMs) })}
        {undo.keptUntilMs !== null && ` ${t('undo.until', { moment: moment(undo.keptUntilMs) })}`}
      </MessageBarBody>
      <MessageBarActions>
        <Button aria-label={t('undo.buttonFor', { name })} onClick={onUndo}>
          {t('undo.button')}
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
