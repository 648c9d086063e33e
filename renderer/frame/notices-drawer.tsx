// What needs the user, newest first. A click opens the screen where something can be done about it.
import {
  Button,
  DrawerBody,
  DrawerFooter,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  Text,
  tokens,
} from '@fluentui/react-components';
import { CheckmarkCircle24Filled, Dismiss20Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { screenOfNotice } from '../../shared/ipc/screen-of-notice.ts';
import type { AppNotice } from '../../shared/model/app-notice.ts';
import { failureIn } from '../bridge/client.ts';
import { useAsk, useOrder } from '../bridge/use-call.ts';
import { useNavigation } from '../route.ts';
import { Answer } from '../ui/answer.tsx';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { NoticeCard } from './notice-card.tsx';

const useStyles = makeStyles({
  drawer: { maxWidth: '100vw' },
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    paddingBottom: tokens.spacingVerticalL,
  },
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  none: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  good: { color: tokens.colorStatusSuccessForeground1, flexShrink: 0 },
});

export function NoticesDrawer({ onClose }: { readonly onClose: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { go } = useNavigation();
  const dismiss = useOrder('dismissNotice');
  const asked = useAsk('notices', {});
  const open = (notice: AppNotice): void => {
    onClose();
    go(screenOfNotice(notice));
  };
  return (
    <OverlayDrawer open position="end" className={styles.drawer} onOpenChange={onClose}>
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <Button
              appearance="subtle"
              aria-label={t('action.close')}
              icon={<Dismiss20Regular />}
              onClick={onClose}
            />
          }
        >
          {t('nav.notices')}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody className={styles.body}>
        {dismiss.error !== null && <FailurePanel failure={failureIn(dismiss.error)} />}
        <Answer of={asked}>
          {({ notices }) => (
            <NoticeList
              notices={notices}
              onOpen={open}
              onDismiss={(notice) => dismiss.mutate({ notice: notice.id })}
            />
          )}
        </Answer>
      </DrawerBody>
      {(asked.data?.notices.length ?? 0) > 1 && (
        <DrawerFooter>
          <Button disabled={dismiss.isPending} onClick={() => dismiss.mutate({ notice: null })}>
            {t('nav.dismissAll')}
          </Button>
        </DrawerFooter>
      )}
    </OverlayDrawer>
  );
}

interface NoticeListProps {
  readonly notices: readonly AppNotice[];
  readonly onOpen: (notice: AppNotice) => void;
  readonly onDismiss: (notice: AppNotice) => void;
}

function NoticeList({ notices, onOpen, onDismiss }: NoticeListProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  if (notices.length === 0) {
    return (
      <div className={styles.none}>
        <CheckmarkCircle24Filled className={styles.good} aria-hidden />
        <Text>{t('nav.noNotices')}</Text>
      </div>
    );
  }
  return (
    <ul className={styles.list}>
      {notices.map((notice) => (
        <NoticeCard
          key={notice.id}
          notice={notice}
          onOpen={() => onOpen(notice)}
          onDismiss={() => onDismiss(notice)}
        />
      ))}
    </ul>
  );
}
