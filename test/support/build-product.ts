/** Builds the product once for all end-to-end tests of a run, in a folder of its own below the project. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `cli.js` and `agent.js` lie. */
    readonly builtFolder: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Vitest calls it before the first test; what it gives back runs after the last one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Below the project, so that packages are found from there.
  const outDir = join(root, '.build', `product-${process.pid}`);
  await build({ root, logLevel: 'warn', build: { outDir } });
  project.provide('builtFolder', outDir);
  return async () => rm(outDir, { recursive: true, force: true });
}
