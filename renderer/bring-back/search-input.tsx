// A field to search in, with its label.
import { Field, Input } from '@fluentui/react-components';
import { Search20Regular } from '@fluentui/react-icons';

interface SearchInputProps {
  readonly className?: string | undefined;
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

export function SearchInput({
  className = '',
  label,
  placeholder = '',
  value,
  onSearch,
}: SearchInputProps) {
  return (
    <Field className={className} label={label}>
      <Input
        type="search"
        contentBefore={<Search20Regular />}
        value={value}
        maxLength={400}
        placeholder={placeholder}
        onChange={(_, data) => onSearch(data.value)}
      />
    </Field>
  );
}
