// Disks and shares of this computer, to choose one by a click.
import { Button, makeStyles, Spinner, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { HardDrive24Regular, Server24Regular, UsbStick24Regular } from '@fluentui/react-icons';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../shared/ipc/contract.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { Row } from '../ui/row.tsx';
import { useLocale } from '../use-locale.ts';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
});

const icons = { disk: HardDrive24Regular, removable: UsbStick24Regular, network: Server24Regular };

interface PlaceCandidatesProps {
  readonly search: UseQueryResult<CallOutput<'placeCandidates'>>;
  readonly chosen: string;
  readonly onChoose: (path: string) => void;
}

export function PlaceCandidates({ search, chosen, onChoose }: PlaceCandidatesProps) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const locale = useLocale();
  if (search.isPending) return <Spinner size="small" />;
  const candidates = search.data?.candidates ?? [];
  return (
    <section className={styles.section}>
      <Subtitle2 as="h2">{t('place.candidates')}</Subtitle2>
      {candidates.length === 0 && <Text>{t('place.none')}</Text>}
      {candidates.map(({ path, kind, label, freeBytes, totalBytes, isSystemDisk }) => {
        const Icon = icons[kind];
        const free = formatBytes(freeBytes, locale);
        return (
          <Row
            key={path}
            icon={<Icon aria-hidden />}
            title={label === null ? path : `${label} (${path})`}
            facts={[
              t(`place.kind.${kind}`),
              t('place.free', { free, total: formatBytes(totalBytes, locale) }),
              ...(isSystemDisk ? [t('place.systemDisk')] : []),
            ]}
            action={
              <Button
                appearance={path === chosen ? 'primary' : 'secondary'}
                aria-pressed={path === chosen}
                aria-label={`${t('source.add')} ${path}`}
                onClick={() => onChoose(path)}
              >
                {t('source.add')}
              </Button>
            }
          />
        );
      })}
    </section>
  );
}
