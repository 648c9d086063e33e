// The list of what needs the user, behind one button with its count.
import { Button, CounterBadge } from '@fluentui/react-components';
import { Alert20Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../bridge/use-call.ts';

export function NoticesButton() {
  const { t } = useTranslation();
  const count = useAsk('notices', {}).data?.notices.length ?? 0;
  return (
    <Button
      appearance="subtle"
      icon={<Alert20Regular />}
      aria-label={t('nav.noticesCount', { count })}
    >
      {count > 0 && <CounterBadge count={count} size="small" color="danger" />}
    </Button>
  );
}
