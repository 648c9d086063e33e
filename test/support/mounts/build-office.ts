/** Builds the program of the trials, its workers and the CRM's writer once for a run, in a folder below the project. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const input = {
  'office-program': 'test/support/mounts/office-program.ts',
  'crm-writer': 'test/support/crm-writer.ts',
  'source-worker': 'electron/engine/sources/source-worker.ts',
  'compute-worker': 'electron/engine/pipeline/compute-worker.ts',
};

/** The built writer ends in `.js`; workers are renamed by the product's own configuration. */
const renameWriter = (): Plugin => ({
  name: 'holdfast-rename-writer',
  transform: (code, id) =>
    id.endsWith('start-crm-writer.ts')
      ? { code: code.replace('./crm-writer.ts', './crm-writer.js'), map: null }
      : null,
});

/** Where `office-program.js` lies; below the project, so that packages are found from there. */
export async function buildOffice(): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = join(root, '.build', `office-${process.pid}`);
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    plugins: [renameWriter()],
    build: { outDir: folder, sourcemap: false, rolldownOptions: { input } },
  });
  return {
    folder,
    [Symbol.asyncDispose]: async () => rm(folder, { recursive: true, force: true }),
  };
}
