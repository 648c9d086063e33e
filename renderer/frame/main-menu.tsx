// Home, History, Settings, and the notices; the same on every screen, in one row that a narrow window keeps.
import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import {
  History20Filled,
  History20Regular,
  Home20Filled,
  Home20Regular,
  Settings20Filled,
  Settings20Regular,
} from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useNavigation, type Route } from '../route.ts';
import { NoticesButton } from './notices-button.tsx';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    flexShrink: 0,
    alignItems: 'center',
    justifyContent: 'space-between',
    paddingInline: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  list: { display: 'flex', margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    paddingBlock: tokens.spacingVerticalXS,
    borderBottom: `3px solid transparent`,
    // Forced colours make what is transparent a line like any other.
    '@media (forced-colors: active)': { borderBottomColor: 'Canvas' },
  },
  current: {
    borderBottom: `3px solid ${tokens.colorCompoundBrandStroke}`,
    '@media (forced-colors: active)': { borderBottomColor: 'Highlight' },
  },
  button: { minWidth: 0, fontWeight: tokens.fontWeightRegular },
  currentButton: { minWidth: 0, fontWeight: tokens.fontWeightSemibold },
});

const entries = [
  { name: 'home', route: { kind: 'home' }, icons: [Home20Regular, Home20Filled] },
  {
    name: 'history',
    route: { kind: 'history', run: null },
    icons: [History20Regular, History20Filled],
  },
  {
    name: 'settings',
    route: { kind: 'settings' },
    icons: [Settings20Regular, Settings20Filled],
  },
] as const satisfies readonly { readonly name: string; readonly route: Route; icons: unknown }[];

export function MainMenu() {
  const styles = useStyles();
  const { t } = useTranslation();
  const { route, go } = useNavigation();
  // Setup and bringing back begin on Home and end there.
  const current = entries.find(({ name }) => name === route.kind)?.name ?? 'home';
  return (
    <nav className={styles.bar} aria-label={t('nav.label')}>
      <ul className={styles.list}>
        {entries.map(({ name, route: to, icons: [Icon, Filled] }) => (
          <li key={name} className={mergeClasses(styles.item, name === current && styles.current)}>
            <Button
              appearance="transparent"
              className={name === current ? styles.currentButton : styles.button}
              icon={name === current ? <Filled /> : <Icon />}
              {...(name === current ? { 'aria-current': 'page' as const } : {})}
              onClick={() => go(to)}
            >
              {t(`nav.${name}`)}
            </Button>
          </li>
        ))}
      </ul>
      <NoticesButton />
    </nav>
  );
}
