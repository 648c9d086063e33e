// A short list in one line. Not Intl.ListFormat: its narrow Chinese lists have no separators at all.
import type { Locale } from '../../shared/text/locale.ts';

const separators: Readonly<Record<Locale, string>> = { en: ', ', 'zh-CN': '、' };

export const joinWords = (words: readonly string[], locale: Locale): string =>
  words.join(separators[locale]);
