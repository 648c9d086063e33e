// Light or dark, by the settings or by the system. High contrast is the system's: Chromium then forces its colours.
import { webDarkTheme, webLightTheme, type Theme } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { Settings } from '../shared/model/settings.ts';

const darkQuery = '(prefers-color-scheme: dark)';
const chineseFonts =
  "'Segoe UI', 'Microsoft YaHei UI', 'PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', system-ui, sans-serif";

/** Changes with the system while the setting follows it. */
export function useTheme(setting: Settings['theme']): Theme {
  const [isSystemDark, setSystemDark] = useState(() => window.matchMedia(darkQuery).matches);
  useEffect(() => {
    const query = window.matchMedia(darkQuery);
    const hear = (): void => setSystemDark(query.matches);
    query.addEventListener('change', hear);
    return () => query.removeEventListener('change', hear);
  }, []);
  const isDark = setting === 'system' ? isSystemDark : setting === 'dark';
  return { ...(isDark ? webDarkTheme : webLightTheme), fontFamilyBase: chineseFonts };
}
