// A card of settings under a heading, and beside it what became of the last change.
import { makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureIn } from '../bridge/client.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { cardStyle } from '../ui/card-style.ts';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    padding: tokens.spacingHorizontalXL,
    ...cardStyle,
    '@media (max-width: 700px)': { padding: tokens.spacingHorizontalM },
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
  },
  saved: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    minHeight: '20px',
    color: tokens.colorStatusSuccessForeground1,
  },
});

/** As much of an order as its outcome takes. */
export interface Saving {
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  readonly error: Error | null;
}

interface SettingsSectionProps {
  readonly title: string;
  readonly saving?: Saving;
  readonly children: ReactNode;
}

export function SettingsSection({ title, saving, children }: SettingsSectionProps) {
  const styles = useStyles();
  return (
    <section className={styles.card}>
      <div className={styles.head}>
        <Subtitle2 as="h2">{title}</Subtitle2>
        {saving !== undefined && <SavedMark saving={saving} />}
      </div>
      {children}
      {saving !== undefined && saving.error !== null && (
        <FailurePanel failure={failureIn(saving.error)} />
      )}
    </section>
  );
}

/** Says so when a change was saved; until then it is empty. */
export function SavedMark({ saving }: { readonly saving: Saving }) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  return (
    <span role="status" className={styles.saved}>
      {saving.isPending && <Text>{t('saving')}</Text>}
      {saving.isSuccess && (
        <>
          <CheckmarkCircle20Filled aria-hidden />
          <Text>{t('saved')}</Text>
        </>
      )}
    </span>
  );
}
