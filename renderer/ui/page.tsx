// One screen's content: one column of readable width, and a footer of actions that stays visible however small the window.
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', flexGrow: 1, minHeight: 0 },
  scroll: { flexGrow: 1, minHeight: 0, overflowY: 'auto' },
  content: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    maxWidth: '960px',
    marginInline: 'auto',
    boxSizing: 'border-box',
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXL}`,
    '@media (max-width: 700px)': { padding: tokens.spacingHorizontalM },
  },
  footer: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'flex-end',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    '@media (max-width: 700px)': { padding: tokens.spacingHorizontalS },
  },
});

interface PageProps {
  readonly children: ReactNode;
  /** Buttons; the last one is the way on. */
  readonly footer?: ReactNode;
}

export function Page({ children, footer }: PageProps) {
  const styles = useStyles();
  return (
    <div className={styles.page}>
      <div className={styles.scroll} tabIndex={-1}>
        <div className={styles.content}>{children}</div>
      </div>
      {footer !== undefined && <div className={styles.footer}>{footer}</div>}
    </div>
  );
}
