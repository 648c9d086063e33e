// What closing the window does: the app goes on, and where it can be seen afterwards is said once.

export interface CloseSetting {
  readonly isQuitting: boolean;
  readonly hasTray: boolean;
  readonly platform: NodeJS.Platform;
  readonly isTrayExplained: boolean;
}

export type ClosePlan =
  | { readonly kind: 'close' }
  | { readonly kind: 'minimise' }
  | { readonly kind: 'hide'; readonly explain: boolean };

export function planWindowClose(setting: CloseSetting): ClosePlan {
  if (setting.isQuitting) return { kind: 'close' };
  // On macOS the dock keeps the app in reach; everywhere else only the tray does.
  const isInReach = setting.hasTray || setting.platform === 'darwin';
  return isInReach ? { kind: 'hide', explain: !setting.isTrayExplained } : { kind: 'minimise' };
}
