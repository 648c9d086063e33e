import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { isAvailable } from './test/support/machine.ts';

const deep = process.env['HOLDFAST_DEEP'] === '1';

// Workers, threads and programs that tests start load the same code hundreds of times: Node compiles it once.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '.build/compile-cache');

/** Four times what the slowest single test takes on two old cores; the deep run has no limit. */
const patience = (seconds: number): { testTimeout: number; hookTimeout: number } => {
  const ms = deep ? 0 : seconds * 1000;
  return { testTimeout: ms, hookTimeout: ms };
};

/** Without a browser the app cannot be driven; the one check says so. */
const needsChromium = [
  'test/e2e/app/**',
  'test/e2e/shell.test.ts',
  'test/conformance/electron-host*',
];
const exclude = isAvailable('chromium') ? [] : needsChromium;

const suite = (name: string, seconds: number, globalSetup: readonly string[] = []) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    exclude,
    globalSetup: [...globalSetup],
    ...patience(seconds),
  },
});

const screens = suite('screens', 240, ['test/screens/build-window.ts']);

export default defineConfig({
  test: {
    environment: 'node',
    // Separate processes: a native crash ends one file, and workers inherit Node 24 from node_modules/.bin.
    pool: 'forks',
    // One more than two cores: many tests wait for a disk or another program.
    maxWorkers: 3,
    // A skipped or focused test must never come in unseen.
    allowOnly: false,
    // What a test waits for comes; only how busy the machine is decides when.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      suite('unit', 120),
      suite('conformance', 120),
      suite('integration', 240),
      suite('faults', 240),
      suite('format', 120),
      {
        extends: true,
        test: {
          name: 'ui',
          environment: 'happy-dom',
          include: ['test/ui/**/*.test.tsx'],
          ...patience(120),
        },
      },
      { ...screens, test: { ...screens.test, maxConcurrency: 2 } },
      suite('e2e', 480, ['test/support/build-product.ts']),
      // Only by `npm run test:mounts`: guests, loop mounts, power cuts.
      suite('mounts', 1200, ['test/mounts/prepare-office.ts']),
      // Only by `npm run test:large`: an hour, and 40 GB of the temporary folder.
      suite('large', 6 * 3600, ['test/support/build-product.ts']),
      // Run by the trials in their guests and mounts.
      {
        extends: true,
        test: { name: 'mounted', include: ['test/mounts/inside/*.inside.ts'], ...patience(300) },
      },
    ],
  },
});
