import { defineConfig } from 'vitest/config';
import { isAvailable } from './test/support/machine.ts';

const deep = process.env['HOLDFAST_DEEP'] === '1';

/** Two minutes cover the slowest single test on two old cores; the deep run has no limit. */
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

const screens = suite('screens', 120, ['test/screens/build-window.ts']);

export default defineConfig({
  test: {
    environment: 'node',
    // Separate processes: a native crash ends one file, and workers inherit Node 24 from node_modules/.bin.
    pool: 'forks',
    maxWorkers: 2,
    // A skipped or focused test must never come in unseen.
    allowOnly: false,
    projects: [
      suite('unit', 60),
      suite('conformance', 60),
      suite('integration', 120),
      suite('faults', 120),
      suite('format', 60),
      {
        extends: true,
        test: {
          name: 'ui',
          environment: 'happy-dom',
          include: ['test/ui/**/*.test.tsx'],
          ...patience(60),
        },
      },
      { ...screens, test: { ...screens.test, maxConcurrency: 2 } },
      suite('e2e', 120, ['test/support/build-product.ts']),
    ],
  },
});
