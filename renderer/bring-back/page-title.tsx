// The one heading of a screen outside of the steps. Takes the focus when it appears, and again when `state` changes, so that
// a screen reader says where the person is now.
import { makeStyles, typographyStyles } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';

const useStyles = makeStyles({
  title: { ...typographyStyles.title2, margin: 0, outlineStyle: 'none', overflowWrap: 'anywhere' },
});

interface PageTitleProps {
  readonly title: string;
  readonly state?: string;
}

export function PageTitle({ title, state = '' }: PageTitleProps) {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [state]);
  return (
    <h1 ref={heading} tabIndex={-1} className={styles.title}>
      {title}
    </h1>
  );
}
