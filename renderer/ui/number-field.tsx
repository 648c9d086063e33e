// A whole number, typed. What is not one stays in the field with an error and goes nowhere.
import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  /** An empty field means null; else it is an error. */
  readonly isOptional?: boolean;
  readonly unit?: string;
  readonly onChange: (value: number | null) => void;
}

export function NumberField(props: NumberFieldProps) {
  const { label, value, min, max, isOptional = false, unit, onChange } = props;
  const { t } = useTranslation();
  // Only while it differs from the value: what cannot be taken over.
  const [typed, setTyped] = useState<string | null>(null);
  const take = (text: string): void => {
    const number = parseWhole(text, min, max);
    const isGood = number !== null || (isOptional && text.trim() === '');
    setTyped(isGood ? null : text);
    if (isGood) onChange(number);
  };
  return (
    <Field
      label={label}
      {...(typed === null ? {} : { validationMessage: t('field.wholeNumber', { min, max }) })}
    >
      <Input
        inputMode="numeric"
        value={typed ?? (value === null ? '' : String(value))}
        contentAfter={unit ?? null}
        onChange={(_, data) => take(data.value)}
      />
    </Field>
  );
}

/** Null for anything that is not a whole number from `min` to `max`. */
export function parseWhole(text: string, min: number, max: number): number | null {
  if (!/^\d{1,9}$/u.test(text.trim())) return null;
  const number = Number(text.trim());
  return number >= min && number <= max ? number : null;
}
