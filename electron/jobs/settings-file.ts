// The settings of the app, one file in the data folder. What cannot be read counts as the default, field by field.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultSettings, settingsSchema, type Settings } from '../../shared/model/settings.ts';
import { writeDurably } from '../plans/durable-file.ts';

export interface SettingsFile {
  read(): Promise<Settings>;
  /** Changes what is given, and returns all of it. */
  change(part: Partial<Settings>): Promise<Settings>;
}

/** Opens nothing yet; `dataFolder` is absolute. */
export function openSettingsFile(dataFolder: string): SettingsFile {
  const path = join(dataFolder, 'settings.json');
  let last: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<Settings> =>
    parseSettings(await readFile(path, 'utf8').catch(() => '{}'));
  return {
    read,
    async change(part) {
      const turn = last.then(async () => {
        const settings = settingsSchema.parse({ ...(await read()), ...part });
        await mkdir(dataFolder, { recursive: true, mode: 0o700 });
        await writeDurably(path, `${JSON.stringify(settings, null, 2)}\n`);
        return settings;
      });
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function parseSettings(text: string): Settings {
  const stored = toObject(text);
  const fields = Object.keys(defaultSettings) as (keyof Settings)[];
  const sound = fields.flatMap((field) => {
    const parsed = settingsSchema.shape[field].safeParse(stored[field]);
    return parsed.success ? [[field, parsed.data] as const] : [];
  });
  return { ...defaultSettings, ...Object.fromEntries(sound) };
}

function toObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
