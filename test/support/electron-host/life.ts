// Where the app is in its life, and its windows: apart from `app` and BrowserWindow, which need each other.
import type { BrowserWindow } from 'electron';

export const life = { isReady: false, onAllClosed: (): void => undefined };
export const windows = new Set<BrowserWindow>();

export function needReady(what: string): void {
  if (!life.isReady) throw new Error(`${what} cannot be used before the app is ready`);
}
export function needEarly(what: string): void {
  if (life.isReady) throw new Error(`${what} must be called before the app is ready`);
}
