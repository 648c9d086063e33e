// The bell with the number of notices; behind it the list.
import { Button, CounterBadge, makeStyles } from '@fluentui/react-components';
import { Alert20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../bridge/use-call.ts';
import { NoticesDrawer } from './notices-drawer.tsx';

const useStyles = makeStyles({
  // Only as wide as its icon and number.
  button: { minWidth: 0 },
});

export function NoticesButton() {
  const styles = useStyles();
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const count = useAsk('notices', {}).data?.notices.length ?? 0;
  return (
    <>
      <Button
        appearance="subtle"
        className={styles.button}
        icon={<Alert20Regular />}
        aria-label={t('nav.noticesCount', { count })}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {count > 0 && <CounterBadge count={count} size="small" color="danger" />}
      </Button>
      {isOpen && <NoticesDrawer onClose={() => setOpen(false)} />}
    </>
  );
}
