// The computer that the app believes to run on (from ELECTRON_HOST, JSON), and the channel to whoever drives it: a parent
// process with an IPC channel sends commands and is told what happens. Without a parent nothing is driven.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onRefusal } from './strict.ts';

export interface HostSystem {
  /** Chromium's profile and the key of safeStorage; kept between starts if given. */
  readonly profile: string;
  readonly locale: string;
  readonly languages: readonly string[];
  readonly colorScheme: 'light' | 'dark';
  readonly isHighContrast: boolean;
  readonly hasTray: boolean;
  readonly hasNotifications: boolean;
  readonly isPackaged: boolean;
  readonly isOnBattery: boolean;
  readonly wasOpenedAtLogin: boolean;
  readonly secretBackend: 'basic_text' | 'gnome_libsecret';
  readonly isHeaded: boolean;
  readonly chromium: string;
  /** Modules that each utility process loads before its own. */
  readonly utilityImports: readonly string[];
}

const given = JSON.parse(process.env['ELECTRON_HOST'] ?? '{}') as Partial<HostSystem>;
delete process.env['ELECTRON_HOST'];
const locale = given.locale ?? 'en-US';

export const system: HostSystem = {
  profile: given.profile ?? mkdtempSync(join(tmpdir(), 'electron-host-')),
  locale,
  languages: given.languages ?? [locale],
  colorScheme: given.colorScheme ?? 'light',
  isHighContrast: given.isHighContrast ?? false,
  hasTray: given.hasTray ?? true,
  hasNotifications: given.hasNotifications ?? true,
  isPackaged: given.isPackaged ?? false,
  isOnBattery: given.isOnBattery ?? false,
  wasOpenedAtLogin: given.wasOpenedAtLogin ?? false,
  secretBackend: given.secretBackend ?? 'gnome_libsecret',
  isHeaded: given.isHeaded ?? false,
  chromium: given.chromium ?? '/usr/bin/chromium',
  utilityImports: given.utilityImports ?? [],
};

type Command = (...args: never[]) => unknown;
const commands = new Map<string, Command>();
// Electron's main process has no parent to talk to: the product must not see ours.
const send = process.send?.bind(process);
delete process.send;

/** Something happened that the driver may want to know. */
export function tell(what: string, facts: unknown): void {
  if (process.connected) send?.({ what, facts });
}

/** A complaint fails the test that drives the app. */
export function complain(text: string): void {
  tell('complaint', text);
  if (send === undefined) process.stderr.write(`${text}\n`);
}

onRefusal.tell = complain;

export function serveCommand(name: string, command: Command): void {
  commands.set(name, command);
}

async function runCommand(name: string, args: readonly unknown[]): Promise<unknown> {
  const command = commands.get(name) as ((...args: readonly unknown[]) => unknown) | undefined;
  if (command === undefined) throw new Error(`no command ${name}`);
  return command(...args);
}

if (send !== undefined) {
  process.on('message', (message: { id: number; name: string; args: readonly unknown[] }) => {
    void runCommand(message.name, message.args).then(
      (value) => tell('answer', { id: message.id, value }),
      (error: unknown) => tell('answer', { id: message.id, error: String(error) }),
    );
  });
  // Whoever drove the app is gone: leave nothing behind.
  process.on('disconnect', () => process.exit(1));
}
