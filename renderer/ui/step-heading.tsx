// The heading of a step in a guided flow: how far it is, and what it is about. A change of step moves the focus here.
import {
  Caption1,
  makeStyles,
  mergeClasses,
  tokens,
  typographyStyles,
} from '@fluentui/react-components';
import { useEffect, useRef } from 'react';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  bars: { display: 'flex', gap: tokens.spacingHorizontalXS },
  bar: {
    height: '4px',
    flexGrow: 1,
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralStroke2,
    // Forced colours leave a background no colour of its own.
    forcedColorAdjust: 'none',
    '@media (forced-colors: active)': {
      boxSizing: 'border-box',
      height: '6px',
      backgroundColor: 'Canvas',
      border: '1px solid CanvasText',
    },
  },
  done: {
    backgroundColor: tokens.colorBrandBackground,
    '@media (forced-colors: active)': { backgroundColor: 'Highlight' },
  },
  heading: { ...typographyStyles.title2, margin: 0, outlineStyle: 'none' },
  caption: { color: tokens.colorNeutralForeground3 },
});

interface StepHeadingProps {
  /** From 0. */
  readonly step: number;
  readonly steps: number;
  /** Such as "Step 2 of 5". */
  readonly caption: string;
  readonly title: string;
}

export function StepHeading({ step, steps, caption, title }: StepHeadingProps) {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [step]);
  return (
    <div className={styles.box}>
      <div className={styles.bars} aria-hidden>
        {Array.from({ length: steps }, (_, index) => (
          <div key={index} className={mergeClasses(styles.bar, index <= step && styles.done)} />
        ))}
      </div>
      <Caption1 className={styles.caption}>{caption}</Caption1>
      <h1 ref={heading} tabIndex={-1} className={styles.heading}>
        {title}
      </h1>
    </div>
  );
}
