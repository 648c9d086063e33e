// The words of the screens, by screen and language. Words that tray, notices and command line share are in shared/text.
// Promise: a key that the Chinese lacks does not compile; languages switch at once.
import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Locale } from '../../shared/text/locale.ts';
import { en } from './en/words.ts';
import { zhCn } from './zh-CN/words.ts';

/** Every screen's words by language. */
export const wordsByLocale = { en, 'zh-CN': zhCn } as const;

declare module 'i18next' {
  interface CustomTypeOptions {
    readonly defaultNS: 'common';
    readonly resources: typeof en;
  }
}

/** An own instance for each window, and for each test. */
export function createI18n(locale: Locale): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: locale,
    fallbackLng: 'en',
    resources: wordsByLocale,
    ns: Object.keys(en),
    defaultNS: 'common',
    // React escapes.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return instance;
}
