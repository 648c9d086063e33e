// The screen bringBack.
import { Title2 } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Page } from '../ui/page.tsx';
import type { PlanId } from '../../shared/model/ids.ts';

export function OneClickScreen(_props: { readonly plan: PlanId | null }) {
  const { t } = useTranslation('bringBack');
  return (
    <Page>
      <Title2 as="h1">{t('title')}</Title2>
    </Page>
  );
}
