// What a chosen source is: its kind, size, tables, who has it open, and what stands against it.
import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { Database24Regular, Dismiss20Regular, Folder24Regular } from '@fluentui/react-icons';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { DAMAGED_FORMAT, UNKNOWN_FORMAT, type InspectedSource } from '../../shared/model/setup.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { formatName, listNames, lockWords } from '../../shared/text/source-words.ts';
import { Row } from '../ui/row.tsx';
import { useLocale } from '../use-locale.ts';

interface ChosenSourceProps {
  readonly source: InspectedSource;
  readonly onRemove: () => void;
}

export function ChosenSource({ source, onRemove }: ChosenSourceProps) {
  const { t } = useTranslation('setup');
  const locale = useLocale();
  const warnings = warningsOf(t, source, locale);
  return (
    <Row
      icon={
        source.kind === 'folder' ? (
          <Folder24Regular aria-hidden />
        ) : (
          <Database24Regular aria-hidden />
        )
      }
      title={source.path}
      facts={factsOf(t, source, locale)}
      action={
        <Button
          appearance="subtle"
          icon={<Dismiss20Regular />}
          aria-label={t('source.remove', { name: source.path })}
          onClick={onRemove}
        />
      }
    >
      {warnings.map((warning) => (
        <MessageBar key={warning} intent="warning" layout="multiline">
          <MessageBarBody>{warning}</MessageBarBody>
        </MessageBar>
      ))}
    </Row>
  );
}

const LARGEST_TABLES = 2;

function factsOf(t: TFunction<'setup'>, source: InspectedSource, locale: Locale): string[] {
  const { kind, bytes, tables, heldBy, lock } = source;
  const largest = [...(tables ?? [])].sort((a, b) => b.rows - a.rows).slice(0, LARGEST_TABLES);
  const figures = new Intl.NumberFormat(locale);
  const names = heldBy?.filter((name) => name !== '') ?? [];
  return [
    formatWords(t, source, locale),
    ...(kind === 'folder' ? [] : [formatBytes(bytes, locale)]),
    ...(tables === null ? [] : [t('source.tables', { count: tables.length })]),
    ...largest.map(({ table, rows }) => t('source.rows', { number: figures.format(rows), table })),
    ...(heldBy === null || heldBy.length === 0
      ? []
      : [
          names.length === 0
            ? t('source.inUseUnknown')
            : t('source.inUse', { names: names.join(', ') }),
        ]),
    ...(lock === null ? [] : [lockWords(lock, locale)]),
  ];
}

function formatWords(
  t: TFunction<'setup'>,
  { kind, format }: InspectedSource,
  locale: Locale,
): string {
  if (kind === 'folder') return t('source.folder');
  return format === DAMAGED_FORMAT ? t('source.damaged') : formatName(format, locale);
}

function warningsOf(t: TFunction<'setup'>, source: InspectedSource, locale: Locale): string[] {
  const { kind, format, isEncrypted, detail, protectedBy, companions, isCutShort } = source;
  const names = listNames(companions, locale);
  return [
    ...(protectedBy === null ? [] : [t('source.protectedBy', { name: protectedBy.name })]),
    ...(companions.length === 0 ? [] : [t('source.companions', { names })]),
    ...(isCutShort === true ? [t('source.cutShort')] : []),
    ...(kind === 'page-file' && !isEncrypted && format !== UNKNOWN_FORMAT
      ? [t('source.bytesOnly')]
      : []),
    ...(isEncrypted ? [t('source.encrypted')] : []),
    ...stateWarnings(t, { kind, format, detail }),
  ];
}

function stateWarnings(
  t: TFunction<'setup'>,
  { kind, format, detail }: Pick<InspectedSource, 'kind' | 'format' | 'detail'>,
): string[] {
  // What SQLite says of a damaged database is that it is none.
  if (format === DAMAGED_FORMAT) return [t('source.damagedText', { detail: detail ?? '' })];
  return [
    ...(kind === 'raw' || format === UNKNOWN_FORMAT ? [t('source.notDatabase')] : []),
    ...(detail === null ? [] : [t('source.detail', { detail })]),
  ];
}
