// One click: the newest good restore point back in place, after one confirmation that says which CRM, which file, which
// moment and what will differ. Never guesses: where there are several CRMs, they are listed.
import { Button, Spinner } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OneClickOffer } from '../../shared/model/bring-back.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import { useAsk } from '../bridge/use-call.ts';
import { useNavigation } from '../route.ts';
import { Answer } from '../ui/answer.tsx';
import { Page } from '../ui/page.tsx';
import { NothingProtected } from './nothing-protected.tsx';
import { OfferChoice } from './offer-choice.tsx';
import { OfferConfirmation } from './offer-confirmation.tsx';
import { OfferUnavailable } from './offer-unavailable.tsx';

export function OneClickScreen({ plan }: { readonly plan: PlanId | null }) {
  const { t } = useTranslation('bringBack');
  const asked = useAsk('oneClick', {}, { isFresh: true });
  const [chosen, setChosen] = useState<PlanId | null>(null);
  const again = (): void => void asked.refetch();
  if (asked.data === undefined) {
    return (
      <Page footer={<GuidedButton plan={plan} />}>
        {asked.error === null ? (
          <Spinner label={t('oneClick.looking')} />
        ) : (
          <Answer of={asked}>{() => null}</Answer>
        )}
      </Page>
    );
  }
  const offers = asked.data.offers.filter((offer) => plan === null || offer.plan === plan);
  if (offers.length === 0) return <NothingProtected />;
  const offer = offers.length === 1 ? offers[0] : offers.find((one) => one.plan === chosen);
  if (offer === undefined) return <OfferChoice offers={offers} onChoose={setChosen} />;
  return (
    <Offer
      key={offer.plan}
      offer={offer}
      onAgain={again}
      onBack={offers.length > 1 ? () => setChosen(null) : null}
    />
  );
}

interface OfferProps {
  readonly offer: OneClickOffer;
  readonly onAgain: () => void;
  readonly onBack: (() => void) | null;
}

function Offer({ offer, onAgain, onBack }: OfferProps) {
  // What was confirmed stays on the screen, whatever becomes of the offer while it runs.
  const [shown] = useState(offer);
  if (offer.preview === null && shown.preview === null) {
    return <OfferUnavailable offer={offer} onAgain={onAgain} onBack={onBack} />;
  }
  const kept = shown.preview === null ? offer : shown;
  if (kept.preview === null) return null;
  return <OfferConfirmation offer={kept} preview={kept.preview} onBack={onBack} />;
}

function GuidedButton({ plan }: { readonly plan: PlanId | null }) {
  const { t } = useTranslation('bringBack');
  const { go } = useNavigation();
  return <Button onClick={() => go({ kind: 'bring-back', plan })}>{t('oneClick.guided')}</Button>;
}
