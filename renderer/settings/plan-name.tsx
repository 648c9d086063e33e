// The name of a plan; saved when the field is left or Enter is pressed.
import { Field, Input, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '../../shared/model/plan.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { useLocale } from '../use-locale.ts';
import { SavedMark } from './settings-section.tsx';

const LONGEST = 200;

const useStyles = makeStyles({ field: { maxWidth: '28em' } });

export function PlanName({ plan }: { readonly plan: Plan }) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const locale = useLocale();
  const order = useOrder('changePlan');
  const [typed, setTyped] = useState(plan.name);
  const name = typed.trim();
  const save = (): void => {
    if (name !== '' && name !== plan.name) order.mutate({ plan: plan.id, name });
  };
  const failed = order.error === null ? null : failureWords(failureIn(order.error), locale);
  const error = name === '' ? t('plans.nameMissing') : (failed?.cause ?? null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Field
        className={styles.field}
        label={t('plans.name')}
        {...(error === null ? {} : { validationMessage: error })}
      >
        <Input
          value={typed}
          maxLength={LONGEST}
          onChange={(_, { value }) => setTyped(value)}
          onBlur={save}
        />
      </Field>
      <SavedMark saving={order} />
    </form>
  );
}
