// Which notices come up on the desktop: those that need the user, and the weekly line, as the settings allow. All of
// them are in the window's list, so nothing is lost by not showing one.
import type { AppNotice, AppNoticeFact } from '../../shared/model/app-notice.ts';
import type { Notice } from '../../shared/model/notice.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { appNoticeWords, type AppNoticeWords } from '../../shared/text/app-notice-words.ts';
import type { Locale } from '../../shared/text/locale.ts';

/** Of what runs say along the way, only what somebody has to act on. */
const needsUser: Readonly<Record<Notice['kind'], boolean>> = {
  damage: true,
  'history-set-aside': false,
  'history-not-kept': false,
  'kit-replaced': false,
  'own-disk': false,
  'point-passed-over': false,
  'points-vanished': true,
  'restore-finished': true,
  'restore-waiting': true,
  'damage-not-noted': false,
  'plan-previous-used': false,
  'plan-unreadable': true,
  'schedule-trouble': false,
  'plan-copy-late': false,
  'tidy-up-failed': false,
  'action-late': true,
  'actions-wait': true,
  'key-left-behind': true,
  'secret-not-stored': true,
  'left-behind': false,
};

/** What comes up; null: nothing does. */
export function planDesktopNotice(
  { fact }: AppNotice,
  allowed: Settings['notices'],
  locale: Locale,
  zone: string,
): AppNoticeWords | null {
  return isShown(fact, allowed) ? appNoticeWords(fact, locale, zone) : null;
}

function isShown(fact: AppNoticeFact, allowed: Settings['notices']): boolean {
  if (fact.kind === 'all-fine') return allowed.weekly;
  // Whoever switched the start off knows it; the list and the settings keep saying so.
  if (fact.kind === 'sign-in-start-off') return false;
  if (fact.kind === 'said') return allowed.problems && needsUser[fact.notice.kind];
  return allowed.problems;
}
