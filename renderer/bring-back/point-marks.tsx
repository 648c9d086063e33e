// What is worth knowing about a restore point: icon, word and colour together, never colour alone.
import { Badge, makeStyles, tokens, type BadgeProps } from '@fluentui/react-components';
import {
  ErrorCircle16Filled,
  History16Regular,
  LockClosed16Regular,
  ShieldCheckmark16Filled,
  Warning16Filled,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelinePoint } from '../../shared/model/timeline.ts';
import { marksOf, type PointMark } from './point-changes.ts';

const useStyles = makeStyles({
  marks: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
  mark: { height: 'auto', minHeight: '20px', whiteSpace: 'normal' },
});

interface Look {
  readonly icon: ReactElement;
  readonly color: NonNullable<BadgeProps['color']>;
  readonly word: string;
}

const looks = {
  damaged: { icon: <ErrorCircle16Filled />, color: 'danger', word: 'damaged' },
  'damaged-source': { icon: <ErrorCircle16Filled />, color: 'danger', word: 'damagedSource' },
  'after-loss': { icon: <Warning16Filled />, color: 'warning', word: 'afterLoss' },
  'safety-point': { icon: <History16Regular />, color: 'informative', word: 'safetyPoint' },
  held: { icon: <LockClosed16Regular />, color: 'informative', word: 'held' },
  proved: { icon: <ShieldCheckmark16Filled />, color: 'success', word: 'proved' },
} as const satisfies Record<PointMark, Look>;

export function PointMarks({ point }: { readonly point: TimelinePoint }) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const marks = marksOf(point);
  if (marks.length === 0) return null;
  return (
    <span className={styles.marks}>
      {marks.map((mark) => {
        const { icon, color, word } = looks[mark];
        return (
          <Badge key={mark} className={styles.mark} appearance="tint" color={color} icon={icon}>
            {t(`when.mark.${word}`)}
          </Badge>
        );
      })}
    </span>
  );
}
