/**
 * Builds the product once for all end-to-end tests of a run, in a folder of its own below the project; or takes what the
 * one check has just built (HOLDFAST_BUILT).
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `main.js`, `preload.cjs`, `agent.js` and `cli.js` lie; the window lies in `../renderer`. */
    readonly builtFolder: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Vitest calls it before the first test; what it gives back runs after the last one. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const built = process.env['HOLDFAST_BUILT'];
  if (built !== undefined) {
    project.provide('builtFolder', join(built, 'electron'));
    return undefined;
  }
  // Below the project, so that packages are found from there.
  const folder = join(root, '.build', `product-${process.pid}`);
  const outDir = join(folder, 'electron');
  const make = async (config: string, from: string, to: string): Promise<unknown> =>
    build({
      root: from,
      configFile: join(root, config),
      logLevel: 'warn',
      build: { outDir: to },
    });
  await make('vite.config.ts', root, outDir);
  await make('vite.preload.config.ts', root, outDir);
  await make('vite.renderer.config.ts', join(root, 'renderer'), join(folder, 'renderer'));
  project.provide('builtFolder', outDir);
  return async () => rm(folder, { recursive: true, force: true });
}
