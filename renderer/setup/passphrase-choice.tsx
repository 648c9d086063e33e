// Which passphrase: that of another plan, an own one with its strength, or one that is made.
import {
  Button,
  Field,
  Input,
  makeStyles,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ArrowSync20Regular } from '@fluentui/react-icons';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '../../shared/model/plan.ts';
import { failureIn } from '../bridge/client.ts';
import { useAsk, useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { PassphraseStrength } from '../ui/passphrase-strength.tsx';
import { useSetupDraft } from './setup-draft-context.tsx';
import { gateOf, SHORTEST_PASSPHRASE, type DraftSecret } from './setup-draft.ts';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '32em' },
  made: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  words: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase400 },
});

const empty: DraftSecret = { kind: 'own', passphrase: '', again: '' };

export function PassphraseChoice() {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const { draft, change } = useSetupDraft();
  const plans = useAsk('overview', {}).data?.plans.map(({ plan }) => plan) ?? [];
  const set = (secret: DraftSecret): void => change({ kind: 'set', part: { secret } });
  const choose = (kind: string): void => {
    const [first] = plans;
    if (kind === 'same-as' && first !== undefined) set({ kind: 'same-as', plan: first.id });
    else set(kind === 'made' ? { kind: 'made', passphrase: '' } : empty);
  };
  useSameAtFirst(plans, set);
  const { secret } = draft;
  return (
    <div className={styles.box}>
      <Field label={t('protection.choice')}>
        <RadioGroup value={secret.kind} onChange={(_, { value }) => choose(value)}>
          {plans[0] !== undefined && (
            <Radio value="same-as" label={t('protection.same', { name: plans[0].name })} />
          )}
          <Radio value="own" label={t('protection.own')} />
          <Radio value="made" label={t('protection.made')} />
        </RadioGroup>
      </Field>
      {secret.kind === 'own' && <OwnPassphrase secret={secret} onChange={set} />}
      {secret.kind === 'made' && <MadePassphrase passphrase={secret.passphrase} onChange={set} />}
    </div>
  );
}

/** A further plan begins with the passphrase that the owner knows already. */
function useSameAtFirst(plans: readonly Plan[], set: (secret: DraftSecret) => void): void {
  const { secret } = useSetupDraft().draft;
  const isUntouched = secret.kind === 'own' && secret.passphrase === '' && secret.again === '';
  const first = plans[0]?.id;
  useEffect(() => {
    if (first !== undefined && isUntouched) set({ kind: 'same-as', plan: first });
    // Only when the plans become known: going back to "my own" must be possible.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [first]);
}

interface OwnPassphraseProps {
  readonly secret: Extract<DraftSecret, { kind: 'own' }>;
  readonly onChange: (secret: DraftSecret) => void;
}

function OwnPassphrase({ secret, onChange }: OwnPassphraseProps) {
  const { t } = useTranslation('setup');
  const gate = gateOf({ ...useSetupDraft().draft, step: 'protection' });
  const missing = gate.kind === 'missing' ? gate.what : null;
  const { passphrase, again } = secret;
  return (
    <>
      <Field
        label={t('protection.passphrase')}
        required
        {...(missing === 'passphrase-short'
          ? { validationMessage: t('protection.short', { count: SHORTEST_PASSPHRASE }) }
          : {})}
      >
        <Input
          type="password"
          autoComplete="new-password"
          value={passphrase}
          onChange={(_, { value }) => onChange({ ...secret, passphrase: value })}
        />
      </Field>
      <PassphraseStrength passphrase={passphrase} />
      <Field
        label={t('protection.again')}
        required
        {...(missing === 'passphrase-differs' && again !== ''
          ? { validationMessage: t('protection.differs') }
          : {})}
      >
        <Input
          type="password"
          autoComplete="new-password"
          value={again}
          onChange={(_, { value }) => onChange({ ...secret, again: value })}
        />
      </Field>
    </>
  );
}

interface MadePassphraseProps {
  readonly passphrase: string;
  readonly onChange: (secret: DraftSecret) => void;
}

function MadePassphrase({ passphrase, onChange }: MadePassphraseProps) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const suggest = useOrder('suggestPassphrase');
  const make = (): void =>
    void suggest.mutateAsync({}).then(
      ({ passphrase: made }) => onChange({ kind: 'made', passphrase: made }),
      () => undefined, // in `error`
    );
  useEffect(() => {
    if (passphrase === '') make();
    // Once: a further one is asked for by the button.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <>
      <div className={styles.made}>
        <Text className={styles.words} aria-live="polite">
          {passphrase}
        </Text>
        <Button appearance="subtle" icon={<ArrowSync20Regular />} onClick={make}>
          {t('protection.another')}
        </Button>
      </div>
      {suggest.error !== null && <FailurePanel failure={failureIn(suggest.error)} />}
      {passphrase !== '' && <Text>{t('protection.madeHint')}</Text>}
    </>
  );
}
