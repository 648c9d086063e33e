// Where the copies of a plan lie: whether the place is there, when it was seen, and the room that it has.
import { makeStyles, ProgressBar, tokens } from '@fluentui/react-components';
import { HardDrive24Regular, PlugDisconnected24Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { PlaceOverview } from '../../shared/model/overview.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { formatAge } from '../../shared/text/durations.ts';
import { placeText } from '../../shared/text/place-text.ts';
import { Row } from '../ui/row.tsx';
import { useLocale } from '../use-locale.ts';

/** From here on the bar warns; the light does so by its own rule. */
const NEARLY_FULL = 0.9;

const useStyles = makeStyles({
  here: { color: tokens.colorBrandForeground1, flexShrink: 0 },
  away: { color: tokens.colorStatusWarningForeground3, flexShrink: 0 },
  bar: { marginTop: tokens.spacingVerticalXS, maxWidth: '24em' },
});

interface PlaceListProps {
  readonly places: readonly PlaceOverview[];
  readonly nowMs: number;
}

export function PlaceList({ places, nowMs }: PlaceListProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const factsOf = usePlaceFacts(nowMs);
  return places.map((place) => {
    const { path, name, isHere, freeBytes, totalBytes } = place;
    const used = freeBytes === null || !totalBytes ? null : 1 - freeBytes / totalBytes;
    return (
      <Row
        key={path}
        icon={
          isHere ? (
            <HardDrive24Regular className={styles.here} aria-hidden />
          ) : (
            <PlugDisconnected24Regular className={styles.away} aria-hidden />
          )
        }
        title={name ?? placeText(path)}
        facts={factsOf(place)}
      >
        {used !== null && (
          <ProgressBar
            className={styles.bar}
            aria-label={t('placeFreeLabel', { place: name ?? placeText(path) })}
            value={used}
            color={used > NEARLY_FULL ? 'warning' : 'brand'}
          />
        )}
      </Row>
    );
  });
}

function usePlaceFacts(nowMs: number): (place: PlaceOverview) => readonly string[] {
  const { t } = useTranslation('home');
  const locale = useLocale();
  const seen = ({ isHere, seenAtMs }: PlaceOverview): string => {
    if (isHere) return t('placeHere');
    return seenAtMs === null
      ? t('placeNeverSeen')
      : t('placeSeen', { age: formatAge(nowMs - seenAtMs, locale) });
  };
  const unplug = { safe: t('placeUnplugSafe'), busy: t('placeUnplugBusy') } as const;
  return (place) => {
    const { path, name, set, freeBytes, totalBytes } = place;
    const facts = [seen(place)];
    if (place.unplug !== null) facts.push(unplug[place.unplug]);
    if (set !== null) facts.push(t('placeSet', { set }));
    if (name !== null) facts.push(t('placePath', { path: placeText(path) }));
    if (freeBytes === null || totalBytes === null) return facts;
    const room = { free: formatBytes(freeBytes, locale), total: formatBytes(totalBytes, locale) };
    return [...facts, t('placeFree', room)];
  };
}
