/**
 * Builds the agent, the command line and their workers for Node 24 into `dist/electron/`, flat: a worker or an asset
 * lies beside the code that opens it, as it does in the source. Packages with native parts stay outside.
 */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const outDir = 'dist/electron';

const entries = {
  cli: 'electron/cli.ts',
  agent: 'electron/agent.ts',
  'source-worker': 'electron/engine/sources/source-worker.ts',
  'compute-worker': 'electron/engine/pipeline/compute-worker.ts',
};

/** Source says `new URL('./compute-worker.ts', import.meta.url)`; the built worker ends in `.js`. */
const renameWorkers = (): Plugin => ({
  name: 'holdfast-rename-workers',
  transform(code, id) {
    if (!id.endsWith('.ts') || !code.includes('-worker.ts')) return null;
    return {
      code: code.replaceAll(/(['"])\.\/(?:[a-z-]+\/)*([a-z-]+-worker)\.ts\1/g, "'./$2.js'"),
      map: null,
    };
  },
});

/** The reader that every vault carries is copied as it is: it must run alone. */
const copyEmergencyReader = (): Plugin => ({
  name: 'holdfast-copy-emergency-reader',
  async writeBundle({ dir = outDir }) {
    await cp('electron/engine/vault/emergency', join(dir, 'emergency'), { recursive: true });
  },
});

export default defineConfig({
  plugins: [renameWorkers(), copyEmergencyReader()],
  ssr: { noExternal: ['zod', 'commander'] },
  build: {
    ssr: true,
    target: 'node24',
    outDir,
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: entries,
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
      },
    },
  },
});
