// Undoing although the file was written to since: asked a second time, with what goes.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';

interface UndoAnywayProps {
  readonly path: string;
  readonly onConfirm: () => void;
}

export function UndoAnyway({ path, onConfirm }: UndoAnywayProps) {
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  return (
    <Dialog modalType="alert">
      <DialogTrigger disableButtonEnhancement>
        <Button>{t('run.undoAnyway')}</Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('run.undoAnywayTitle')}</DialogTitle>
          <DialogContent>{t('run.undoAnywayText', { path })}</DialogContent>
          <DialogActions fluid>
            <DialogTrigger disableButtonEnhancement>
              <Button appearance="primary">{common('action.cancel')}</Button>
            </DialogTrigger>
            <DialogTrigger disableButtonEnhancement>
              <Button onClick={onConfirm}>{t('run.undoAnywayConfirm')}</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
