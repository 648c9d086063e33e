// Takes a restore in place back, after one question. Where the target changed since, it says what would be lost and asks again.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { OpenUndo } from '../../shared/model/overview.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from './failure-panel.tsx';
import { fileNameOf, PathText } from './path-text.tsx';
import { useMomentWords } from './use-moment-words.ts';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

interface UndoDialogProps {
  readonly undo: Pick<OpenUndo, 'run' | 'target' | 'restoredAtMs'>;
  readonly nowMs: number;
  readonly onClose: () => void;
  readonly onDone: (redo: OpenUndo | null) => void;
}

export function UndoDialog({ undo, nowMs, onClose, onDone }: UndoDialogProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  const order = useOrder('undo');
  const moment = useMomentWords(nowMs);
  const failure = order.error === null ? null : failureIn(order.error);
  const isChanged = failure?.code === 'target-changed';
  const send = async (): Promise<void> => {
    const { redo } = await order.mutateAsync({ run: undo.run, evenIfChanged: isChanged });
    onDone(redo);
    onClose();
  };
  return (
    <Dialog open modalType="alert" onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('undo.title')}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>
              {t('undo.text', { name: fileNameOf(undo.target), moment: moment(undo.restoredAtMs) })}
            </Text>
            <PathText path={undo.target} />
            {failure !== null && <FailurePanel failure={failure} />}
            {isChanged && <Text>{t('undo.anywayText')}</Text>}
            {order.isPending && <Spinner size="small" label={t('undo.running')} />}
          </DialogContent>
          <DialogActions fluid>
            <Button disabled={order.isPending} onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button
              appearance="primary"
              disabled={order.isPending}
              onClick={() => void send().catch(() => undefined)}
            >
              {isChanged ? t('undo.anyway') : t('undo.confirm')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
