// Step 2: where copies go. A place counts only after it was tested: written, read back, renamed, deleted.
import {
  Button,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import { FolderOpen20Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { PlaceTest } from '../../shared/model/setup.ts';
import { formatBytes, formatSpeed } from '../../shared/text/bytes.ts';
import { failureIn } from '../bridge/client.ts';
import { useClient } from '../bridge/client-context.ts';
import { useAsk, useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { useLocale } from '../use-locale.ts';
import { AddedPlaces, AddPlaceButton } from './added-places.tsx';
import { NetworkAddress } from './network-address.tsx';
import { PlaceCandidates } from './place-candidates.tsx';
import { fieldOfFailure, isMeantBy } from './share-form.ts';
import { useSetupDraft } from './setup-draft-context.tsx';

/** A disk that is plugged in now shows up by itself. */
const PLUGGED_IN_LOOK_MS = 3000;

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

export function PlaceStep() {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const client = useClient();
  const { draft, change } = useSetupDraft();
  const tester = useOrder('testPlace');
  const test = async (place: string, sharePassword: string): Promise<void> => {
    change({ kind: 'place', place });
    const sources = draft.sources.map(({ path }) => path);
    const secret = sharePassword === '' ? {} : { sharePassword };
    const result = await tester.mutateAsync({ path: place, sources, ...secret });
    change({ kind: 'place-tested', place, test: result });
  };
  const choose = (place: string, sharePassword = ''): void =>
    void test(place, sharePassword).catch(() => undefined);
  const isShare = isMeantBy(draft.share, draft.place);
  const shareFailure = isShare ? (draft.placeTest?.failure ?? null) : null;
  const isSaidAtField = shareFailure !== null && fieldOfFailure(shareFailure) !== null;
  const pick = async (): Promise<void> => {
    const { path } = await client.call('pickFolder', {});
    if (path !== null) choose(path);
  };
  return (
    <>
      <Text>{t('place.intro')}</Text>
      <PlaceCandidates
        search={useAsk('placeCandidates', {}, { everyMs: PLUGGED_IN_LOOK_MS })}
        chosen={draft.place}
        onChoose={choose}
      />
      <section className={styles.section}>
        <Field label={t('place.path')}>
          <Input
            value={isShare ? '' : draft.place}
            spellCheck={false}
            onChange={(_, { value }) => change({ kind: 'place', place: value })}
          />
        </Field>
        <div className={styles.row}>
          <Button
            disabled={draft.place === '' || isShare || tester.isPending}
            onClick={() => choose(draft.place.trim())}
          >
            {t('place.test')}
          </Button>
          <Button icon={<FolderOpen20Regular />} onClick={() => void pick()}>
            {t('place.chooseFolder')}
          </Button>
        </div>
      </section>
      <NetworkAddress
        form={draft.share}
        failure={shareFailure}
        isTesting={tester.isPending}
        onChange={(share) => change({ kind: 'share', share })}
        onTest={choose}
      />
      {tester.isPending && (
        <Spinner size="small" labelPosition="after" label={t('place.testing')} />
      )}
      {tester.error !== null && <FailurePanel failure={failureIn(tester.error)} />}
      {draft.placeTest !== null && !isSaidAtField && <PlaceTestResult test={draft.placeTest} />}
      <AddPlaceButton />
      <AddedPlaces />
    </>
  );
}

function PlaceTestResult({ test }: { readonly test: PlaceTest }) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const locale = useLocale();
  const { failure, freeBytes, bytesPerSecond, isOwnDisk, vaults } = test;
  if (failure !== null) return <FailurePanel failure={failure} />;
  return (
    <section className={styles.section} aria-live="polite">
      <MessageBar intent="success" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t('place.passed')}</MessageBarTitle>
          {freeBytes !== null &&
            bytesPerSecond !== null &&
            t('place.passedFacts', {
              free: formatBytes(freeBytes, locale),
              speed: formatSpeed(bytesPerSecond, locale),
            })}
        </MessageBarBody>
      </MessageBar>
      {isOwnDisk === true && <Warning>{t('place.ownDisk')}</Warning>}
      {vaults.length > 0 && <Warning>{t('place.vaultsHere')}</Warning>}
    </section>
  );
}

function Warning({ children }: { readonly children: string }) {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{children}</MessageBarBody>
    </MessageBar>
  );
}
