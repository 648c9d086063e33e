// A field for a passphrase or a recovery key, with what is wrong about it beside it. What is typed goes on as it is: a blank
// at an end belongs to a passphrase.
import { Field, Input } from '@fluentui/react-components';

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with it; null: nothing that is known. */
  readonly error?: string | null;
  /** A password manager then offers to keep it. */
  readonly isNew?: boolean;
  readonly isRequired?: boolean;
  readonly hint?: string;
  readonly autoFocus?: boolean;
  readonly className?: string;
}

export function SecretField({
  label,
  value,
  onChange,
  error = null,
  isNew = false,
  isRequired = false,
  autoFocus = false,
  ...field
}: SecretFieldProps) {
  return (
    <Field
      label={label}
      required={isRequired}
      {...field}
      {...(error === null ? {} : { validationMessage: error })}
    >
      <Input
        type="password"
        autoComplete={isNew ? 'new-password' : 'off'}
        autoFocus={autoFocus}
        value={value}
        onChange={(_, data) => onChange(data.value)}
      />
    </Field>
  );
}
