/** Builds the window into `dist/renderer/`: relative addresses, no inline script, one style sheet for all. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    // The chromium inside Electron.
    target: 'chrome140',
    outDir: '../dist/renderer',
    emptyOutDir: true,
    sourcemap: true,
    cssCodeSplit: false,
    // Read from the disk beside it.
    chunkSizeWarningLimit: 4000,
    // Inlined files would be data: addresses, which the content security policy refuses for scripts.
    assetsInlineLimit: 0,
    // It would fetch; the window may not.
    modulePreload: { polyfill: false },
  },
});
