// Home, History, Settings, and the notices; the same on every screen, in one row that a narrow window keeps.
import { makeStyles, Tab, TabList, tokens } from '@fluentui/react-components';
import { Home20Regular, History20Regular, Settings20Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useNavigation, type Route } from '../route.ts';
import { NoticesButton } from './notices-button.tsx';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    paddingInline: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

const tabs = {
  home: { kind: 'home' },
  history: { kind: 'history', run: null },
  settings: { kind: 'settings' },
} as const satisfies Record<string, Route>;

export function MainMenu() {
  const styles = useStyles();
  const { t } = useTranslation();
  const { route, go } = useNavigation();
  return (
    <nav className={styles.bar} aria-label={t('nav.label')}>
      <TabList
        selectedValue={route.kind in tabs ? route.kind : 'home'}
        onTabSelect={(_, { value }) => go(tabs[value as keyof typeof tabs])}
      >
        <Tab value="home" icon={<Home20Regular />}>
          {t('nav.home')}
        </Tab>
        <Tab value="history" icon={<History20Regular />}>
          {t('nav.history')}
        </Tab>
        <Tab value="settings" icon={<Settings20Regular />}>
          {t('nav.settings')}
        </Tab>
      </TabList>
      <NoticesButton />
    </nav>
  );
}
