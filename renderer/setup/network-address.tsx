// The third way to a place: a network share by its address. What is wrong stands at its field; nothing typed is lost.
import {
  Button,
  Field,
  Input,
  makeStyles,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../shared/model/failure.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { SecretField } from '../ui/secret-field.tsx';
import { useLocale } from '../use-locale.ts';
import { fieldOfFailure, placeOfShareForm, type ShareField, type ShareForm } from './share-form.ts';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  fields: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
  field: { flex: '1 1 12em' },
});

interface NetworkAddressProps {
  readonly form: ShareForm;
  /** What a test of this address found; null: nothing, or not tested. */
  readonly failure: Failure | null;
  readonly isTesting: boolean;
  readonly onChange: (form: ShareForm) => void;
  readonly onTest: (place: string, password: string) => void;
}

export function NetworkAddress({
  form,
  failure,
  isTesting,
  onChange,
  onTest,
}: NetworkAddressProps) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const locale = useLocale();
  const [wrong, setWrong] = useState<ShareField | null>(null);
  const errorAt = (field: ShareField): string | null => {
    if (wrong === field) return t(`place.share.${field === 'user' ? 'userWrong' : 'addressWrong'}`);
    if (failure === null || fieldOfFailure(failure) !== field) return null;
    const { cause, nextStep } = failureWords(failure, locale);
    return `${cause} ${nextStep}`;
  };
  const messageAt = (field: ShareField) => {
    const error = errorAt(field);
    return error === null ? {} : { validationMessage: error };
  };
  const set = (part: Partial<ShareForm>): void => {
    setWrong(null);
    onChange({ ...form, ...part });
  };
  const test = (): void => {
    const meant = placeOfShareForm(form);
    if ('wrong' in meant) return setWrong(meant.wrong);
    onTest(meant.place, form.password);
  };
  return (
    <section className={styles.section}>
      <Subtitle2 as="h2">{t('place.share.title')}</Subtitle2>
      <Text>{t('place.share.intro')}</Text>
      <Field
        label={t('place.share.address')}
        hint={t('place.share.addressHint')}
        {...messageAt('address')}
      >
        <Input
          value={form.address}
          spellCheck={false}
          onChange={(_, { value }) => set({ address: value })}
        />
      </Field>
      <div className={styles.fields}>
        <Field label={t('place.share.user')} className={styles.field} {...messageAt('user')}>
          <Input
            value={form.user}
            spellCheck={false}
            autoComplete="off"
            onChange={(_, { value }) => set({ user: value })}
          />
        </Field>
        <SecretField
          label={t('place.share.password')}
          className={styles.field}
          error={errorAt('password')}
          value={form.password}
          onChange={(password) => set({ password })}
        />
      </div>
      <div>
        <Button disabled={form.address.trim() === '' || isTesting} onClick={test}>
          {t('place.share.test')}
        </Button>
      </div>
    </section>
  );
}
