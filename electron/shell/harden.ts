// Takes from every page what none of ours needs: going elsewhere, opening windows, permissions, embedded pages.
import { app, session } from 'electron';

/** Before the first window. Writing text to the clipboard after a click is the one thing that a page may ask for. */
export function denyEverything(): void {
  const allowed = 'clipboard-sanitized-write';
  session.defaultSession.setPermissionRequestHandler((_, permission, answer) =>
    answer(permission === allowed),
  );
  session.defaultSession.setPermissionCheckHandler((_, permission) => permission === allowed);
}

/** For every page that is ever made. */
export function denyNavigation(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
