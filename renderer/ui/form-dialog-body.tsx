// The inside of a dialog that asks for something: title, fields, Cancel, and the button that sends.
import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useHold } from '../bridge/use-hold.ts';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

interface FormDialogBodyProps {
  readonly title: string;
  /** The words of the button that sends. */
  readonly submit: string;
  /** False: something is missing, or it is under way; then nothing is sent. */
  readonly isReady: boolean;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

export function FormDialogBody({
  title,
  submit,
  isReady,
  onSubmit,
  onCancel,
  children,
}: FormDialogBodyProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  // What is typed in it lies nowhere else.
  useHold(true);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onSubmit();
      }}
    >
      <DialogBody>
        <DialogTitle>{title}</DialogTitle>
        <DialogContent className={styles.content}>{children}</DialogContent>
        <DialogActions>
          <Button onClick={onCancel}>{t('action.cancel')}</Button>
          <Button type="submit" appearance="primary" disabled={!isReady}>
            {submit}
          </Button>
        </DialogActions>
      </DialogBody>
    </form>
  );
}
