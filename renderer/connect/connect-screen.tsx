// The screen connect.
import { Title2 } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Page } from '../ui/page.tsx';

export function ConnectScreen() {
  const { t } = useTranslation('connect');
  return (
    <Page>
      <Title2 as="h1">{t('title')}</Title2>
    </Page>
  );
}
