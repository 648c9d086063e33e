/**
 * Builds the window twice: as it is (or takes what the one check has just built, HOLDFAST_BUILT), and with English words
 * that are 40 % longer.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The built window, and the one with longer words. */
    readonly windowFolders: { readonly plain: string; readonly pseudo: string };
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

const englishWords = /const wordsByLocale = \{ en,/u;

/** Where the window takes its English words from, the longer ones are put. */
const lengthenWords = (): Plugin => ({
  name: 'holdfast-lengthen-words',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/renderer/text/i18n.ts')) return null;
    if (!englishWords.test(code)) throw new Error('the window takes its words from elsewhere now');
    const pseudo = join(root, 'test/screens/pseudo-words.ts');
    return {
      code: `import { lengthenAll } from ${JSON.stringify(pseudo)};\n${code.replace(
        englishWords,
        'const wordsByLocale = { en: lengthenAll(en),',
      )}`,
      map: null,
    };
  },
});

/** Vitest calls it before the first test; what it gives back runs after the last one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const parent = join(root, '.build', `window-${process.pid}`);
  const built = process.env['HOLDFAST_BUILT'];
  const plain = built === undefined ? join(parent, 'plain') : join(built, 'renderer');
  const pseudo = join(parent, 'pseudo');
  const configFile = process.env['HOLDFAST_TRY'] ?? join(root, 'vite.renderer.config.ts');
  const common = { configFile, logLevel: 'warn' } as const;
  if (built === undefined) await build({ ...common, build: { outDir: plain, emptyOutDir: true } });
  await build({
    ...common,
    plugins: [lengthenWords()],
    build: { outDir: pseudo, emptyOutDir: true },
  });
  project.provide('windowFolders', { plain, pseudo });
  return async () => rm(parent, { recursive: true, force: true });
}
