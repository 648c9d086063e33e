// All states of all screens; their names are unique.
import type { ScreenState } from '../screen-state.ts';
import { connectStates } from './connect-states.ts';
import { setupStates } from './setup-states.ts';

export const screenStates: readonly ScreenState[] = [...setupStates, ...connectStates];
