// All English words of the screens, by namespace.
import { bringBack } from './bring-back.ts';
import { common } from './common.ts';
import { connect } from './connect.ts';
import { history } from './history.ts';
import { home } from './home.ts';
import { settings } from './settings.ts';
import { setup } from './setup.ts';

export const en = { common, home, setup, connect, bringBack, history, settings } as const;
