// Several CRMs: which one shall come back?
import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OneClickOffer } from '../../shared/model/bring-back.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import { formatAge } from '../../shared/text/durations.ts';
import { useNavigation } from '../route.ts';
import { Page } from '../ui/page.tsx';
import { useLocale } from '../use-locale.ts';
import { ChoiceList } from './choice-list.tsx';
import { PageTitle } from './page-title.tsx';
import { formatWhen, zoneHere } from './when-words.ts';

interface OfferChoiceProps {
  readonly offers: readonly OneClickOffer[];
  readonly onChoose: (plan: PlanId) => void;
}

export function OfferChoice({ offers, onChoose }: OfferChoiceProps) {
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  const { go } = useNavigation();
  const [chosen, setChosen] = useState<PlanId | null>(null);
  const hint = useOfferHint();
  return (
    <Page
      footer={
        <>
          <Button onClick={() => go({ kind: 'home' })}>{common('action.cancel')}</Button>
          <Button
            appearance="primary"
            disabled={chosen === null}
            onClick={() => {
              if (chosen !== null) onChoose(chosen);
            }}
          >
            {common('action.next')}
          </Button>
        </>
      }
    >
      <PageTitle title={t('oneClick.titleChoose')} />
      <ChoiceList
        label={t('oneClick.titleChoose')}
        value={chosen}
        choices={offers.map((offer) => ({
          value: offer.plan,
          title: offer.planName,
          hint: hint(offer),
        }))}
        onChoose={setChosen}
      />
    </Page>
  );
}

function useOfferHint(): (offer: OneClickOffer) => string {
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const [nowMs] = useState(() => Date.now());
  return ({ preview }) => {
    if (preview === null) return t('oneClick.unavailable');
    const age = t('oneClick.age', {
      moment: formatWhen(preview.takenAtMs, zoneHere(), locale),
      age: formatAge(nowMs - preview.takenAtMs, locale),
    });
    return [age, ...preview.targets.map(({ path }) => path)].join(' · ');
  };
}
