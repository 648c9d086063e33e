// The open windows, and what `app` does about the last one. Apart from both, which need each other.
import type { BrowserWindow } from 'electron';

export const windows = new Set<BrowserWindow>();
export const onQuit = { allClosed: (): void => {} };
