// What a person sets for the whole app. Kept by the agent as a file in the data folder; what cannot be read is the default.
import { z } from 'zod';

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, 'must be a time such as 18:30');

export const settingsSchema = z.strictObject({
  /** `system`: the first language of the system that we speak. */
  language: z.enum(['system', 'en', 'zh-CN']),
  theme: z.enum(['system', 'light', 'dark']),
  startAtSignIn: z.boolean(),
  /** Wall time of this computer; `from` may lie after `to` (over midnight). Scheduled work waits until they end. */
  quietHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).nullable(),
  /** On battery, scheduled work waits below this percentage; null: it never waits. */
  batteryAtLeastPercent: z.int().min(0).max(100).nullable(),
  notices: z.strictObject({
    /** A desktop notice for what needs the user. */
    problems: z.boolean(),
    /** One line a week when all is fine. */
    weekly: z.boolean(),
  }),
  /** Closing the window was once explained. */
  isTrayExplained: z.boolean(),
});

export type Settings = Readonly<z.infer<typeof settingsSchema>>;

export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  startAtSignIn: true,
  quietHours: null,
  batteryAtLeastPercent: 20,
  notices: { problems: true, weekly: true },
  isTrayExplained: false,
};
