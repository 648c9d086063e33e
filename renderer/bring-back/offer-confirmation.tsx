// The one confirmation: which CRM, which restore point and how old, which file, what will differ, what stands in the way.
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ArrowUndo24Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  BringBackPreview,
  BringBackRequest,
  OneClickOffer,
} from '../../shared/model/bring-back.ts';
import { formatAge } from '../../shared/text/durations.ts';
import { useNavigation } from '../route.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { Page } from '../ui/page.tsx';
import { useLocale } from '../use-locale.ts';
import { CarryOutView } from './carry-out-view.tsx';
import { CheckPage } from './check-page.tsx';
import { Obstacles, PlannedTargets } from './check-step.tsx';
import { PageTitle } from './page-title.tsx';
import { readinessOf } from './readiness.ts';
import { useCarryOut } from './use-carry-out.ts';
import { useForgetPreviews } from './use-preview.ts';
import { formatWhen, zoneHere } from './when-words.ts';

const useStyles = makeStyles({
  what: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXS },
  name: { overflowWrap: 'anywhere' },
  other: { marginInlineEnd: 'auto' },
});

interface OfferConfirmationProps {
  readonly offer: OneClickOffer;
  readonly preview: BringBackPreview;
  readonly onBack: (() => void) | null;
}

export function OfferConfirmation({ offer, preview, onBack }: OfferConfirmationProps) {
  const carryOut = useCarryOut();
  const forgetPreviews = useForgetPreviews();
  const [isLookedAgain, setLookedAgain] = useState(false);
  const [goOnWithoutUndo, setGoOn] = useState(false);
  const request = requestOf(offer, preview, goOnWithoutUndo);
  const lookAgain = (): void => {
    forgetPreviews();
    setLookedAgain(true);
  };
  if (carryOut.state.kind !== 'idle') return <CarryOutView of={carryOut} onBack={lookAgain} />;
  const heading = <Heading offer={offer} preview={preview} />;
  if (isLookedAgain) {
    return (
      <CheckPage
        request={request}
        heading={heading}
        onBack={() => setLookedAgain(false)}
        onGoOnWithoutUndo={setGoOn}
        onBegin={(readiness) => carryOut.begin(request, readiness)}
      />
    );
  }
  const readiness = readinessOf(preview);
  const canBegin = readiness.kind === 'ready' || readiness.kind === 'in-use';
  return (
    <Page
      footer={
        <Footer
          offer={offer}
          onBack={onBack}
          canBegin={canBegin && offer.obstacle === null}
          onBegin={() => carryOut.begin(request, readiness)}
        />
      }
    >
      {heading}
      {offer.obstacle !== null && <FailurePanel failure={offer.obstacle} />}
      <Obstacles
        readiness={readiness}
        asksForNoUndo={readiness.kind === 'no-undo'}
        goesOn={goOnWithoutUndo}
        onGoOn={(goOn) => {
          setGoOn(goOn);
          lookAgain();
        }}
        onAgain={lookAgain}
      />
      <PlannedTargets preview={preview} into="in-place" canUndo />
    </Page>
  );
}

function requestOf(
  { plan }: OneClickOffer,
  { point }: BringBackPreview,
  goOnWithoutUndo: boolean,
): BringBackRequest {
  const what = { kind: 'everything' } as const;
  return { plan, point, what, where: { kind: 'in-place' }, goOnWithoutUndo };
}

interface HeadingProps {
  readonly offer: OneClickOffer;
  readonly preview: BringBackPreview;
}

function Heading({ offer, preview }: HeadingProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const [nowMs] = useState(() => Date.now());
  return (
    <div className={styles.what}>
      <PageTitle title={t('oneClick.title')} />
      <Text size={400} weight="semibold" className={styles.name}>
        {offer.planName}
      </Text>
      <Text>
        {t('oneClick.point', {
          moment: formatWhen(preview.takenAtMs, zoneHere(), locale),
          age: formatAge(nowMs - preview.takenAtMs, locale),
        })}
      </Text>
    </div>
  );
}

interface FooterProps {
  readonly offer: OneClickOffer;
  readonly onBack: (() => void) | null;
  readonly canBegin: boolean;
  readonly onBegin: () => void;
}

function Footer({ offer, onBack, canBegin, onBegin }: FooterProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  const { go } = useNavigation();
  return (
    <>
      <Button
        appearance="subtle"
        className={styles.other}
        onClick={() => go({ kind: 'bring-back', plan: offer.plan })}
      >
        {t('oneClick.other')}
      </Button>
      <Button onClick={onBack ?? (() => go({ kind: 'home' }))}>
        {onBack === null ? common('action.cancel') : common('action.back')}
      </Button>
      <Button
        appearance="primary"
        size="large"
        icon={<ArrowUndo24Regular />}
        disabled={!canBegin}
        onClick={onBegin}
      >
        {t('check.begin')}
      </Button>
    </>
  );
}
