// What `import ... from 'electron'` is for a main process on the stand-in.
import type * as Real from 'electron';
import { app } from './app.ts';
import { BrowserWindow as Window } from './browser-window.ts';
import { Notification as Notice, dialog, powerMonitor, safeStorage, shell } from './desktop.ts';
import { ipcMain } from './ipc-main.ts';
import { Menu, Tray as TrayIcon } from './menu-and-tray.ts';
import { nativeTheme } from './native-theme.ts';
import { protocol } from './scheme.ts';
import { session } from './session.ts';
import { strictly } from './strict.ts';
import { utilityProcess } from './utility-process.ts';

type Module = typeof Real;
const constructor = <T>(name: string, made: object): T => strictly<T & object>(name, {}, made);

const BrowserWindow = constructor<Module['BrowserWindow']>('BrowserWindow', Window);
const Notification = constructor<Module['Notification']>('Notification', Notice);
const Tray = constructor<Module['Tray']>('Tray', TrayIcon);

const members = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
  utilityProcess,
};
members satisfies Pick<Module, keyof typeof members & keyof Module>;

export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
  utilityProcess,
};
