/**
 * Builds main, the agent, the command line and their workers for Node 24 into `dist/electron/`, flat: a worker or an
 * asset lies beside the code that opens it, as it does in the source. Electron and packages with native parts stay
 * outside. The bridge and the window have builds of their own: vite.preload.config.ts, vite.renderer.config.ts.
 */
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const outDir = 'dist/electron';

const entries = {
  main: 'electron/main.ts',
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

/** Tray and window open their icons by path. */
const copyIcons = (): Plugin => ({
  name: 'holdfast-copy-icons',
  async writeBundle({ dir = outDir }) {
    const names = (await readdir('build/icons')).filter((name) => name.endsWith('.png'));
    for (const name of names) await cp(join('build/icons', name), join(dir, 'icons', name));
  },
});

export default defineConfig({
  plugins: [renameWorkers(), copyEmergencyReader(), copyIcons()],
  ssr: { noExternal: ['zod', 'commander', 'croner', 'uqr'], external: ['electron'] },
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
