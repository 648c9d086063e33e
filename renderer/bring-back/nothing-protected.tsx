// No plan on this computer: either the copies are elsewhere, or there are none yet.
import { Button, Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useNavigation } from '../route.ts';
import { Page } from '../ui/page.tsx';
import { PageTitle } from './page-title.tsx';

export function NothingProtected() {
  const { t } = useTranslation('bringBack');
  const { go } = useNavigation();
  return (
    <Page
      footer={
        <>
          <Button onClick={() => go({ kind: 'setup' })}>{t('nothingProtected.protect')}</Button>
          <Button appearance="primary" onClick={() => go({ kind: 'connect' })}>
            {t('nothingProtected.connect')}
          </Button>
        </>
      }
    >
      <PageTitle title={t('nothingProtected.title')} />
      <Text>{t('nothingProtected.text')}</Text>
    </Page>
  );
}
