// nativeTheme: the system's colours, or the app's choice, shown to every page.
import type { NativeTheme } from 'electron';
import type { Page } from 'playwright-core';
import { createEmitter, strictly } from './strict.ts';
import { serveCommand, system } from './system.ts';

const emitter = createEmitter('nativeTheme', 'updated');
const pages = new Set<Page>();
let colors = { scheme: system.colorScheme, isHighContrast: system.isHighContrast };
let source: NativeTheme['themeSource'] = 'system';
const isDark = (): boolean => (source === 'system' ? colors.scheme : source) === 'dark';

export async function showTheme(page: Page): Promise<void> {
  pages.add(page);
  await page.emulateMedia({
    colorScheme: isDark() ? 'dark' : 'light',
    forcedColors: colors.isHighContrast ? 'active' : 'none',
  });
}
async function update(): Promise<void> {
  emitter.emit('updated');
  await Promise.all(
    [...pages].map(async (page) => showTheme(page).catch(() => pages.delete(page))),
  );
}
serveCommand('colors', async (given: typeof colors) => {
  colors = given;
  await update();
});

export const nativeTheme = strictly<NativeTheme>(
  'nativeTheme',
  {
    get themeSource() {
      return source;
    },
    set themeSource(given) {
      source = given;
      void update();
    },
    get shouldUseDarkColors() {
      return isDark();
    },
    get shouldUseHighContrastColors() {
      return colors.isHighContrast;
    },
  },
  emitter,
);
