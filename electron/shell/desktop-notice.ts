// Brings words up on the desktop; a click on them leads somewhere. Where the system shows none, nothing is lost: the
// window has a list.
import { Notification } from 'electron';
import type { AppNoticeWords } from '../../shared/text/app-notice-words.ts';

/** Electron forgets what nobody holds, and with it the click. */
const shown = new Set<Notification>();

/** False: the system shows none. */
export function showOnDesktop(words: AppNoticeWords, onClick: () => void): boolean {
  if (!Notification.isSupported()) return false;
  const notification = new Notification({ title: words.title, body: words.body });
  shown.add(notification);
  notification.on('click', () => {
    shown.delete(notification);
    onClick();
  });
  notification.on('close', () => shown.delete(notification));
  notification.show();
  return true;
}
