// The language that the window speaks now, for words and figures that are formatted outside of i18next.
import { useTranslation } from 'react-i18next';
import { chooseLocale, type Locale } from '../shared/text/locale.ts';

export function useLocale(): Locale {
  const { i18n } = useTranslation();
  return chooseLocale([i18n.language]);
}
