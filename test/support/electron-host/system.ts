// The computer that the app believes to run on (from ELECTRON_HOST, JSON), and the channel to whoever drives it: a parent
// process with an IPC channel sends commands and is told what happens. Without a parent nothing is driven.
import { onRefusal } from './strict.ts';

const defaults = {
  /** Chromium's profile and the key of safeStorage; the same folder again is the same computer. */
  profile: '',
  locale: 'en-US',
  languages: ['en-US'] as readonly string[],
  colorScheme: 'light' as 'light' | 'dark',
  isHighContrast: false,
  hasTray: true,
  hasNotifications: true,
  isPackaged: false,
  isOnBattery: false,
  wasOpenedAtLogin: false,
  secretBackend: 'gnome_libsecret' as 'basic_text' | 'gnome_libsecret',
  isHeaded: false,
  chromium: '/usr/bin/chromium',
  /** Modules that each utility process loads before its own. */
  utilityImports: [] as readonly string[],
};
export type HostSystem = Readonly<typeof defaults>;

const given = JSON.parse(process.env['ELECTRON_HOST'] ?? '{}') as Partial<HostSystem>;
delete process.env['ELECTRON_HOST'];
const languages = given.languages ?? [given.locale ?? defaults.locale];
export const system: HostSystem = { ...defaults, languages, ...given };

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
export const complain = (text: string): void => tell('complaint', text);
onRefusal.tell = complain;

export const serveCommand = (name: string, command: Command): unknown =>
  commands.set(name, command);

async function runCommand(name: string, args: readonly never[]): Promise<unknown> {
  const command = commands.get(name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command(...args);
}

process.on('message', (message: { id: number; name: string; args: never[] }) => {
  void runCommand(message.name, message.args).then(
    (value) => tell('answer', { id: message.id, value }),
    (error: unknown) => tell('answer', { id: message.id, error: String(error) }),
  );
});
// Whoever drove the app is gone: leave nothing behind.
process.on('disconnect', () => process.exit(1));
