// Undoing although the file was written to since: asked a second time in place, with what goes. No modal dialog: the undo
// takes the question away, and a modal that vanishes so leaves the page hidden to screen readers.
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface UndoAnywayProps {
  readonly path: string;
  readonly onConfirm: () => void;
}

const useStyles = makeStyles({ start: { alignSelf: 'flex-start' } });

export function UndoAnyway({ path, onConfirm }: UndoAnywayProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  const [isAsked, setAsked] = useState(false);
  const question = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isAsked) question.current?.focus();
  }, [isAsked]);
  if (!isAsked) {
    return (
      <Button className={styles.start} onClick={() => setAsked(true)}>
        {t('run.undoAnyway')}
      </Button>
    );
  }
  return (
    <div ref={question} tabIndex={-1} role="group" aria-label={t('run.undoAnywayTitle')}>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t('run.undoAnywayTitle')}</MessageBarTitle>
          {t('run.undoAnywayText', { path })}
        </MessageBarBody>
        <MessageBarActions>
          <Button onClick={() => setAsked(false)}>{common('action.cancel')}</Button>
          <Button onClick={onConfirm}>{t('run.undoAnywayConfirm')}</Button>
        </MessageBarActions>
      </MessageBar>
    </div>
  );
}
