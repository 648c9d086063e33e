// All states of all screens; their names are unique.
import type { ScreenState } from '../screen-state.ts';
import { bringBackStates } from './bring-back-states.ts';
import { connectStates } from './connect-states.ts';
import { historyStates } from './history-states.ts';
import { homeStates } from './home-states.ts';
import { noticesStates } from './notices-states.ts';
import { oneClickStates } from './one-click-states.ts';
import { settingsStates } from './settings-states.ts';
import { setupStates } from './setup-states.ts';

export const screenStates: readonly ScreenState[] = [
  ...homeStates,
  ...setupStates,
  ...connectStates,
  ...bringBackStates,
  ...oneClickStates,
  ...historyStates,
  ...noticesStates,
  ...settingsStates,
];
