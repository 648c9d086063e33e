// What stands around every screen: the main menu, the notices, and the place where the screen scrolls.
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { MainMenu } from './main-menu.tsx';

const useStyles = makeStyles({
  frame: {
    display: 'flex',
    flexDirection: 'column',
    height: '100vh',
    backgroundColor: tokens.colorNeutralBackground2,
  },
  main: { flexGrow: 1, minHeight: 0, overflowY: 'auto', display: 'flex', flexDirection: 'column' },
});

export function Frame({ children }: { readonly children: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.frame}>
      <MainMenu />
      <main className={styles.main}>{children}</main>
    </div>
  );
}
