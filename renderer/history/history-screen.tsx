// The screen history.
import { Title2 } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Page } from '../ui/page.tsx';
import type { RunId } from '../../shared/model/ids.ts';

export function HistoryScreen(_props: { readonly run: RunId | null }) {
  const { t } = useTranslation('history');
  return (
    <Page>
      <Title2 as="h1">{t('title')}</Title2>
    </Page>
  );
}
