// Databases that were found in the usual folders, likely ones first.
import { Button, makeStyles, Spinner, Subtitle2, Text, tokens } from '@fluentui/react-components';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../shared/ipc/contract.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { formatAge } from '../../shared/text/durations.ts';
import { formatName } from '../../shared/text/source-words.ts';
import { Row } from '../ui/row.tsx';
import { useLocale } from '../use-locale.ts';

const SHOWN_AT_FIRST = 5;

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
});

interface FoundSourcesProps {
  readonly search: UseQueryResult<CallOutput<'findSources'>>;
  readonly chosen: readonly string[];
  readonly onAdd: (path: string) => void;
}

export function FoundSources({ search, chosen, onAdd }: FoundSourcesProps) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const locale = useLocale();
  if (search.isPending) {
    return <Spinner size="small" labelPosition="after" label={t('source.searching')} />;
  }
  // A search that failed is no reason to stop: the file can be chosen by hand.
  const { found, isComplete } = search.data ?? { found: [], isComplete: true };
  const open = found.filter(({ path }) => !chosen.includes(path)).slice(0, SHOWN_AT_FIRST);
  const age = (atMs: number): string => formatAge(search.dataUpdatedAt - atMs, locale);
  return (
    <section className={styles.section}>
      <Subtitle2 as="h2">{t('source.found')}</Subtitle2>
      {found.length === 0 && <Text>{t('source.foundNone')}</Text>}
      {open.map(({ path, format, bytes, modifiedAtMs }) => (
        <Row
          key={path}
          title={path}
          facts={[
            formatName(format, locale),
            formatBytes(bytes, locale),
            t('source.changed', { age: age(modifiedAtMs) }),
          ]}
          action={
            <Button aria-label={`${t('source.add')} ${path}`} onClick={() => onAdd(path)}>
              {t('source.add')}
            </Button>
          }
        />
      ))}
      {!isComplete && <Text>{t('source.foundMore')}</Text>}
    </section>
  );
}
