// Places besides the one that is being chosen: those that were added, and whether all of them take turns.
import { Button, Checkbox, makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { Add20Regular, HardDrive24Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { MOST_PLACES } from '../../shared/model/plan.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { Row } from '../ui/row.tsx';
import { useLocale } from '../use-locale.ts';
import { useSetupDraft } from './setup-draft-context.tsx';
import { chosenPlaces, mayAddPlace } from './setup-draft.ts';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  add: { alignSelf: 'flex-start' },
});

export function AddedPlaces() {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const locale = useLocale();
  const { draft, change } = useSetupDraft();
  const { added, takeTurns } = draft;
  if (added.length === 0) return null;
  return (
    <section className={styles.section}>
      <Subtitle2 as="h2">{t('place.added')}</Subtitle2>
      {added.map(({ path, test: { freeBytes } }) => (
        <Row
          key={path}
          icon={<HardDrive24Regular aria-hidden />}
          title={path}
          facts={
            freeBytes === null
              ? []
              : [t('place.addedFree', { free: formatBytes(freeBytes, locale) })]
          }
          action={
            <Button
              aria-label={t('place.removeAdded', { place: path })}
              onClick={() => change({ kind: 'remove-place', path })}
            >
              {t('place.remove')}
            </Button>
          }
        />
      ))}
      {chosenPlaces(draft).length > 1 && (
        <>
          <Checkbox
            label={t('place.takeTurns')}
            checked={takeTurns}
            onChange={(_, { checked }) =>
              change({ kind: 'set', part: { takeTurns: checked === true } })
            }
          />
          <Text>{t(takeTurns ? 'place.turnsMean' : 'place.severalMean')}</Text>
        </>
      )}
    </section>
  );
}

/** Shown when the place that is being chosen has passed its test. */
export function AddPlaceButton() {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const { draft, change } = useSetupDraft();
  if (!mayAddPlace(draft) || chosenPlaces(draft).length >= MOST_PLACES) return null;
  return (
    <Button
      className={styles.add}
      icon={<Add20Regular />}
      onClick={() => change({ kind: 'add-place' })}
    >
      {t('place.addAnother')}
    </Button>
  );
}
