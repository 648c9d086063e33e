// Makes the settings true that are the shell's: theme, language of the menu, start at sign-in. Called whenever something
// changed; does only what is not done yet.
import { nativeTheme } from 'electron';
import type { Settings } from '../../shared/model/settings.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { setAppMenu } from './app-menu.ts';
import type { ErrorLog } from './error-log.ts';
import type { SignInStart } from './plan-sign-in-start.ts';
import type { ShellNotices } from './shell-notices.ts';
import { applySignInStart } from './sign-in-start.ts';

export interface SettingsFollower {
  /** `settings` null: not known yet, so the system is left as it is. */
  follow(settings: Settings | null, locale: Locale, hasTray: boolean): void;
  readonly signInStart: () => SignInStart;
}

export interface FollowerParts {
  readonly notices: Pick<ShellNotices, 'add' | 'drop'>;
  readonly log: ErrorLog;
  /** How the start at sign-in stands is now known. */
  readonly onSignInStart: () => void;
}

export function createSettingsFollower({ notices, log, onSignInStart }: FollowerParts) {
  let signInStart: SignInStart = 'off';
  let menu = '';
  let wanted: boolean | null = null;

  const check = async (wants: boolean): Promise<void> => {
    try {
      signInStart = await applySignInStart(wants);
    } catch (error) {
      signInStart = 'off';
      log('the start at sign-in could not be set', error);
    }
    if (signInStart === 'switched-off-by-system') {
      notices.add({ kind: 'sign-in-start-off' }, 'settings');
    } else {
      notices.drop('sign-in-start-off');
    }
    onSignInStart();
  };

  const follower: SettingsFollower = {
    follow(settings, locale, hasTray) {
      if (menu !== `${locale} ${hasTray}`) setAppMenu(process.platform, hasTray, locale);
      menu = `${locale} ${hasTray}`;
      if (settings === null) return;
      if (nativeTheme.themeSource !== settings.theme) nativeTheme.themeSource = settings.theme;
      if (wanted === settings.startAtSignIn) return;
      wanted = settings.startAtSignIn;
      void check(wanted);
    },
    signInStart: () => signInStart,
  };
  return follower;
}
