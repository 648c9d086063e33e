// What `import ... from 'electron'` is for a main process on the stand-in.
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { Notification, dialog, powerMonitor, safeStorage, shell } from './desktop.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu, Tray } from './menu-and-tray.ts';
export { nativeTheme } from './native-theme.ts';
export { protocol } from './scheme.ts';
export { session } from './session.ts';
export { utilityProcess } from './utility-process.ts';
