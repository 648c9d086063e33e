// All Chinese words of the screens, by namespace.
import { bringBack } from './bring-back.ts';
import { common } from './common.ts';
import { connect } from './connect.ts';
import { history } from './history.ts';
import { home } from './home.ts';
import { settings } from './settings.ts';
import { setup } from './setup.ts';
import type { en } from '../en/words.ts';
import type { SameKeys } from '../same-keys.ts';

export const zhCn: SameKeys<typeof en> = {
  common,
  home,
  setup,
  connect,
  bringBack,
  history,
  settings,
};
