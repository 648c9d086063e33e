// Whether the system starts Holdfast at sign-in, and what to change so that it is as the settings say. What was switched
// off in the system's own settings is reported and left alone.

/** Given to a start at sign-in where the system cannot tell it by itself. */
export const backgroundFlag = '--background';

export type SignInStart = 'on' | 'off' | 'switched-off-by-system' | 'not-packaged';

/** How it stands with the system. */
export type SignInEntry =
  | { readonly kind: 'absent' }
  | { readonly kind: 'good' }
  /** There, but it would not start this program. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'switched-off' };

export interface SignInPlan {
  readonly change: 'add' | 'remove' | null;
  /** How it stands after the change. */
  readonly state: SignInStart;
}

export function planSignInStart(
  wants: boolean,
  isPackaged: boolean,
  entry: SignInEntry['kind'],
): SignInPlan {
  // A development tree must not start itself on somebody's computer.
  if (!isPackaged) return { change: null, state: 'not-packaged' };
  if (!wants) return { change: entry === 'absent' ? null : 'remove', state: 'off' };
  if (entry === 'switched-off') return { change: null, state: 'switched-off-by-system' };
  return { change: entry === 'good' ? null : 'add', state: 'on' };
}

/** Of what Windows says about our entry: `launches` is false once the Task Manager switched it off. */
export function windowsEntry(item: {
  readonly openAtLogin: boolean;
  readonly executableWillLaunchAtLogin: boolean;
}): SignInEntry['kind'] {
  if (!item.openAtLogin) return 'absent';
  return item.executableWillLaunchAtLogin ? 'good' : 'switched-off';
}

/** Of what macOS says. */
export function macEntry(status: string): SignInEntry['kind'] {
  if (status === 'enabled') return 'good';
  return status === 'requires-approval' ? 'switched-off' : 'absent';
}

/** Of our autostart file; null: there is none. */
export function linuxEntry(found: string | null, due: string): SignInEntry['kind'] {
  if (found === null) return 'absent';
  if (found === due) return 'good';
  return /^(Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/mu.test(found)
    ? 'switched-off'
    : 'stale';
}

/** The autostart file for `program`, by the Desktop Entry Specification. */
export function autostartFile(program: string): string {
  // Quoted first for the command, then once more because it stands in a string value.
  const quoted = program.replaceAll(/["`$\\]/gu, String.raw`\$&`).replaceAll('\\', '\\\\');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Holdfast',
    'Comment=Keeps the backups of your CRM going',
    'Comment[zh_CN]=让您的 CRM 备份持续进行',
    `Exec="${quoted.replaceAll('%', '%%')}" ${backgroundFlag}`,
    'Terminal=false',
    'NoDisplay=true',
    '',
  ].join('\n');
}

/** True when nobody asked for a window: the system started us. */
export function isBackgroundStart(
  platform: NodeJS.Platform,
  argv: readonly string[],
  wasOpenedAtLogin: boolean,
): boolean {
  return platform === 'darwin' ? wasOpenedAtLogin : argv.includes(backgroundFlag);
}
