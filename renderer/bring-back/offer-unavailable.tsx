// Why there is nothing to bring back with one click, and the guided way instead.
import { Button, Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { OneClickOffer } from '../../shared/model/bring-back.ts';
import { useNavigation } from '../route.ts';
import { Page } from '../ui/page.tsx';
import { PageTitle } from './page-title.tsx';
import { UnlockOrFailure } from './unlock-form.tsx';

interface OfferUnavailableProps {
  readonly offer: OneClickOffer;
  readonly onAgain: () => void;
  readonly onBack: (() => void) | null;
}

export function OfferUnavailable({ offer, onAgain, onBack }: OfferUnavailableProps) {
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  const { go } = useNavigation();
  return (
    <Page
      footer={
        <>
          {onBack !== null && <Button onClick={onBack}>{common('action.back')}</Button>}
          <Button appearance="primary" onClick={() => go({ kind: 'bring-back', plan: offer.plan })}>
            {t('oneClick.guided')}
          </Button>
        </>
      }
    >
      <PageTitle title={t('oneClick.none')} />
      <Text weight="semibold">{offer.planName}</Text>
      {offer.obstacle === null ? (
        <Text>{t('oneClick.noPoint')}</Text>
      ) : (
        <UnlockOrFailure plan={offer.plan} failure={offer.obstacle} onAgain={onAgain} />
      )}
      <Text>{t('oneClick.noneText')}</Text>
    </Page>
  );
}
