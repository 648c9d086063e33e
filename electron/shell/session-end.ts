// Windows tells the end of the session to windows only, and mostly there is none: an invisible one without a page hears it
// for as long as the app runs. Linux and macOS tell the app (power.ts).
import type { BaseWindow } from 'electron';

/** What is used of a window; Electron's BaseWindow is one. */
export interface SessionEar {
  on(event: 'query-session-end' | 'session-end', listener: () => void): unknown;
}

/** Electron forgets nothing that is held here. */
const ears: SessionEar[] = [];

export async function watchSessionEnd(
  platform: NodeJS.Platform,
  makeEar: () => Promise<SessionEar>,
  onEnd: () => void,
): Promise<void> {
  if (platform !== 'win32') return;
  const ear = await makeEar();
  ear.on('query-session-end', onEnd);
  ear.on('session-end', onEnd);
  ears.push(ear);
}

/** A window that is never shown and holds no page. */
export async function makeSessionEar(): Promise<BaseWindow> {
  const electron = await import('electron');
  return new electron.BaseWindow({ show: false, skipTaskbar: true, width: 1, height: 1 });
}
