// The tray's icon, text and menu, drawn from a plan; drawn anew only when something in it changed.
import { join } from 'node:path';
import { Menu, Tray, type MenuItemConstructorOptions } from 'electron';
import type { TrayAction, TrayItem, TrayPlan } from './plan-tray-menu.ts';
import type { StatusKind } from '../../shared/model/status-reason.ts';

export interface TrayIcon {
  draw(plan: TrayPlan): void;
}

/** Null: this desktop has none. */
export function openTray(
  folder: string,
  first: TrayPlan,
  act: (action: TrayAction) => void,
): TrayIcon | null {
  const icon = (state: StatusKind): string => join(folder, iconName(state, process.platform));
  const tray = tryTray(icon(first.state));
  if (tray === null) return null;
  let drawn = '';
  const draw = (plan: TrayPlan): void => {
    const drawing = JSON.stringify(plan);
    if (drawing === drawn) return;
    drawn = drawing;
    tray.setImage(icon(plan.state));
    tray.setToolTip(plan.toolTip);
    // Set anew as a whole: Linux shows no change of a menu that is set.
    tray.setContextMenu(Menu.buildFromTemplate(plan.items.map((item) => menuItem(item, act))));
  };
  // On macOS a click opens the menu by itself.
  if (process.platform !== 'darwin') tray.on('click', () => act({ kind: 'open' }));
  draw(first);
  return { draw };
}

/** Which picture; the system finds the finer one beside it by its name. */
function iconName(state: StatusKind, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return `tray-${state}-Template.png`;
  return platform === 'win32' ? `tray-${state}.png` : `tray-${state}@2x.png`;
}

function tryTray(icon: string): Tray | null {
  try {
    return new Tray(icon);
  } catch {
    return null;
  }
}

function menuItem(item: TrayItem, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'line':
    case 'disabled':
      return { label: label(item.text), enabled: false };
    case 'choice':
      return {
        label: label(item.text),
        submenu: item.items.map((inner) => menuItem(inner, act)),
      };
    case 'action':
      return { label: label(item.text), click: () => act(item.action) };
  }
}

/** A plan's name may hold "&", which would underline the next letter. */
const label = (text: string): string => text.replaceAll('&', '&&');
