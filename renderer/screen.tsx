// The screen of the present route.
import { BringBackScreen } from './bring-back/bring-back-screen.tsx';
import { OneClickScreen } from './bring-back/one-click-screen.tsx';
import { ConnectScreen } from './connect/connect-screen.tsx';
import { HistoryScreen } from './history/history-screen.tsx';
import { HomeScreen } from './home/home-screen.tsx';
import { useNavigation } from './route.ts';
import { SettingsScreen } from './settings/settings-screen.tsx';
import { SetupScreen } from './setup/setup-screen.tsx';

export function Screen() {
  const { route, visit } = useNavigation();
  switch (route.kind) {
    case 'home':
      return <HomeScreen />;
    case 'setup':
      return <SetupScreen />;
    case 'connect':
      return <ConnectScreen />;
    case 'bring-back':
      return <BringBackScreen plan={route.plan} />;
    case 'one-click':
      return <OneClickScreen plan={route.plan} />;
    case 'history':
      // A run that is asked for once more is opened once more.
      return <HistoryScreen key={visit} run={route.run} />;
    case 'settings':
      return <SettingsScreen />;
  }
}
