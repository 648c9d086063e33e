// The languages of the product. Words live beside each other by topic, one file per language where they are many.

/** A language that is complete on every screen. */
export type Locale = 'en' | 'zh-CN';

export const locales: readonly Locale[] = ['en', 'zh-CN'];

/** The first language of a system's preferences that we speak; English where there is none. */
export function chooseLocale(preferences: readonly string[]): Locale {
  for (const tag of preferences) {
    const language = tag.toLowerCase().split(/[-_.]/u)[0];
    if (language === 'zh') return 'zh-CN';
    if (language === 'en') return 'en';
  }
  return 'en';
}
