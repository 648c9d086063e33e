/**
 * Lint rules. The layer table below is the same as the `references` of each layer's tsconfig.json: the compiler rejects
 * an import that goes up or sideways, the table also one that skips a layer, and it says which packages enter where.
 */
import { defineConfig, type DummyRuleMap } from 'oxlint';

/** Below the verbs: every verb may use these. */
const vaultParts = [
  'engine/format',
  'engine/crypto',
  'engine/storage',
  'engine/pipeline',
  'engine/vault',
];
const verbParts = [...vaultParts, 'engine/sources', 'shared'];

/** Folder (from `electron/`, or `shared`) -> the folders that it may import besides itself. */
const layers: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  'engine/format': ['shared'],
  'engine/crypto': ['engine/format', 'shared'],
  'engine/storage': ['engine/format', 'engine/crypto', 'shared'],
  'engine/pipeline': ['engine/format', 'engine/crypto', 'shared'],
  'engine/vault': [...vaultParts, 'shared'],
  'engine/sources': ['shared'],
  'engine/backup': verbParts,
  'engine/restore': verbParts,
  'engine/verify': verbParts,
  'engine/retention': verbParts,
  'engine/drill': [...verbParts, 'engine/restore'],
  'engine/compare': [...verbParts, 'engine/restore'],
  'engine/export': [...verbParts, 'engine/restore'],
  plans: ['shared'],
  history: ['shared'],
  secrets: ['shared'],
  platform: ['shared'],
  jobs: ['engine', 'history', 'plans', 'secrets', 'platform', 'shared'],
  service: ['jobs', 'history', 'plans', 'shared'],
  ipc: ['shared'],
  shell: ['ipc', 'shared'],
};

/** Package -> the only folders that may import it. */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['engine/sources', 'history', 'platform'],
  archiver: ['engine/export'],
  keytar: ['secrets'],
  commander: ['cli'],
  electron: ['ipc', 'shell'],
  uqr: ['shell'],
};

type Restriction = { regex: string; message: string };

const foreignPackages = (home: string): Restriction[] =>
  Object.entries(packageHomes)
    .filter(([, homes]) => !homes.includes(home))
    .map(([name, homes]) => ({
      regex: `^(@types/)?${name}(/|$)`,
      message: `${name} is imported in electron/${homes.join(' and electron/')} only.`,
    }));

const topFolders = [
  'engine',
  'plans',
  'history',
  'secrets',
  'platform',
  'jobs',
  'service',
  'cli',
  'shell',
  'ipc',
];
const folderOf = (layer: string): string => (layer === 'shared' ? 'shared' : `electron/${layer}`);

/** Relative specifiers, seen from files of `layer`, that leave it for a folder which it may not import. */
const foreignLayers = (layer: string): Restriction[] => {
  const allowed = layers[layer] ?? [];
  const own = layer.split('/');
  const message = `${folderOf(layer)} may import only: ${allowed.map(folderOf).join(', ') || 'itself'}.`;
  const isInEngine = own[0] === 'engine';
  const siblings = Object.keys(layers)
    .filter((other) => other.startsWith('engine/') && other !== layer && !allowed.includes(other))
    .map((other) => other.slice('engine/'.length));
  const tops = topFolders.filter((top) => top !== own[0] && !allowed.includes(top));
  return [
    ...(isInEngine ? [{ regex: `^(\\.\\./)+(${siblings.join('|')})/`, message }] : []),
    { regex: `^(\\.\\./)+(electron/)?(${tops.join('|')})/`, message },
    { regex: '^(\\.\\./)+(test|renderer)/', message },
    { regex: '^(\\.\\./)+(electron/)?(main|preload|agent|cli)\\.ts$', message },
  ];
};

const importsOf = (home: string, layer?: string): DummyRuleMap => ({
  'no-restricted-imports': [
    'error',
    { patterns: [...foreignPackages(home), ...(layer === undefined ? [] : foreignLayers(layer))] },
  ],
});

export default defineConfig({
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'node', 'promise', 'vitest', 'react'],
  jsPlugins: ['./test/support/lint-plugin.ts'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist', '.build', 'node_modules'],
  rules: {
    // Promises and errors: nothing is lost on the way up.
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/return-await': ['error', 'in-try-catch'],
    'typescript/switch-exhaustiveness-check': 'error',
    'no-empty': 'error',

    // What comes from outside is `unknown` until it is parsed.
    'typescript/no-explicit-any': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/use-unknown-in-catch-callback-variable': 'error',

    // Structure.
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/prefer-node-protocol': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-deprecated': 'error',
    'no-console': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: 'error',

    // Tests count only if they run.
    'vitest/no-focused-tests': 'error',
    'vitest/no-disabled-tests': 'error',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],

    // Off: noise, or the compiler says it better.
    'no-unused-vars': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'no-await-in-loop': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/no-unnecessary-type-parameters': 'off',
    'typescript/unbound-method': 'off',
    'typescript/no-misused-spread': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'unicorn/prefer-add-event-listener': 'off',
    'promise/always-return': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'vitest/require-mock-type-parameters': 'off',
    'vitest/expect-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/valid-title': 'off',
    'react/react-in-jsx-scope': 'off',
    // An effect that moves the focus depends on what it does not read.
    'react/exhaustive-effect-dependencies': 'off',
    'react/set-state-in-effect': 'off',
  },
  overrides: [
    {
      // Runs in Node and in the window alike.
      files: ['shared/**/*.ts'],
      rules: {
        'no-restricted-globals': ['error', 'window', 'document', 'navigator', 'localStorage'],
      },
    },
    // The entries: composition only, through cli/ and service/.
    {
      // The window: shared words and models only, no Node, no Electron.
      files: ['renderer/**/*.{ts,tsx}'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                regex: '^(\\.\\./)+(electron|test|build)/',
                message: 'renderer may import only: itself, shared.',
              },
              { regex: '^(node:|electron(/|$))', message: 'The window has the bridge only.' },
            ],
          },
        ],
        'react/rules-of-hooks': 'error',
        'react/jsx-key': 'error',
        'react/no-danger': 'error',
      },
    },
    { files: ['electron/*.ts'], rules: importsOf('cli') },
    { files: ['electron/main.ts', 'electron/preload.ts'], rules: importsOf('shell') },
    { files: ['electron/cli/**/*.ts'], rules: importsOf('cli') },
    ...Object.keys(layers).map((layer) => ({
      files: [`${folderOf(layer)}/**/*.ts`],
      rules: importsOf(layer, layer),
    })),
    {
      // The clock and chance come in as arguments: a test can then turn them.
      files: ['electron/engine/**/*.ts', 'electron/jobs/**/*.ts'],
      rules: { 'holdfast/no-ambient-time': 'error', 'holdfast/no-ambient-random': 'error' },
    },
    {
      files: ['electron/cli.ts', 'electron/cli/**/*.ts', 'test/**/*.ts'],
      rules: { 'no-console': 'off' },
    },
    {
      // Runs alone beside a vault or in Electron, without the project around it.
      // Plain JavaScript without types; its own shapes check what it reads.
      files: ['electron/engine/vault/emergency/*.mjs', 'test/conformance/electron-fixture/*'],
      rules: {
        'no-console': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-return': 'off',
        'typescript/no-unsafe-argument': 'off',
      },
    },
    {
      // expect.any() and the bodies of sabotaged objects are `any` by design.
      files: ['test/**/*.ts'],
      rules: {
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-argument': 'off',
      },
    },
    {
      files: ['*.config.ts', 'test/support/lint-plugin.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
});
