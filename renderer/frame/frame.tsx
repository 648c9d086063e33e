// What stands around every screen: the main menu, the notices, and the place where the screen scrolls.
import { makeStaticStyles, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { MainMenu } from './main-menu.tsx';

/** What the browser puts around a page and its headings; distances are the screens' own. */
const useBareElements = makeStaticStyles({
  body: { margin: 0 },
  'h1, h2, h3': { margin: 0 },
  // Where colours are forced, a link is told from text by its line alone.
  '@media (forced-colors: active)': { '.fui-Link': { textDecorationLine: 'underline' } },
});

const useStyles = makeStyles({
  frame: {
    position: 'fixed',
    inset: 0,
    display: 'flex',
    flexDirection: 'column',
    backgroundColor: tokens.colorNeutralBackground2,
  },
  main: { flexGrow: 1, minHeight: 0, overflowY: 'auto', display: 'flex', flexDirection: 'column' },
});

export function Frame({ children }: { readonly children: ReactNode }) {
  useBareElements();
  const styles = useStyles();
  return (
    <div className={styles.frame}>
      <MainMenu />
      <main className={styles.main}>{children}</main>
    </div>
  );
}
