/** The checks are themselves checked: a small project with our own rules and one broken file at a time. */
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTool } from '../support/run-tool.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'holdfast-rules-'));
  const configs = (await listOwnFiles()).filter((file) =>
    /(^|[\\/])(tsconfig(\.base)?\.json|package\.json|oxlint\.config\.ts|lint-plugin\.ts)$/.test(
      file,
    ),
  );
  for (const file of configs) await cp(join(root, file), join(project, file));
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
  await write('shared/model/word.ts', "export const word = 'word';\n");
  await write('electron/engine/format/bytes.ts', 'export const bytes = 1;\n');
  await write('electron/engine/restore/restore.ts', 'export const restored = 1;\n');
  await write('electron/jobs/job.ts', 'export const job = 1;\n');
});

afterAll(async () => {
  await rm(project, { recursive: true, force: true });
});

/** Relative; without what was installed or built, where links may lead to the whole computer. */
async function listOwnFiles(): Promise<readonly string[]> {
  const top = await readdir(root, { withFileTypes: true });
  const lists = top
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .map(async (entry) => {
      if (!entry.isDirectory()) return [entry.name];
      const below = await readdir(join(root, entry.name), { recursive: true });
      return below.map((file) => join(entry.name, file));
    });
  return (await Promise.all(lists)).flat();
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, file)), { recursive: true });
  await writeFile(join(project, file), text);
}

/** What types and lint say about one more file. */
async function problemsOf(file: string, text: string): Promise<{ types: string; lint: string }> {
  await write(file, text);
  const types = await runTool(project, ['tsc', '-b'], 'typescript');
  const lint = await runTool(project, ['oxlint', file]);
  await rm(join(project, file));
  return {
    types: types.exitCode === 0 ? '' : types.output,
    lint: lint.exitCode === 0 ? '' : lint.output,
  };
}

describe('an import against the layers does not pass', () => {
  test('the words may be used by the engine', async () => {
    const text =
      "import { word } from '../../../shared/model/word.ts';\nexport const said = word;\n";
    expect(await problemsOf('electron/engine/vault/ok.ts', text)).toEqual({ types: '', lint: '' });
  });

  test.each([
    ['shared', 'shared/model/bad.ts', '../../electron/engine/format/bytes.ts', 'bytes'],
    ['a format that calls jobs', 'electron/engine/format/bad.ts', '../../jobs/job.ts', 'job'],
    [
      'a verb that calls another',
      'electron/engine/backup/bad.ts',
      '../restore/restore.ts',
      'restored',
    ],
  ])('%s', async (_, file, from, name) => {
    const { types, lint } = await problemsOf(
      file,
      `import { ${name} } from '${from}';\nexport const used = ${name};\n`,
    );
    expect(types).toContain('TS6307');
    expect(lint).toContain('no-restricted-imports');
  });

  test('a layer that skips the one between', async () => {
    const text = "import { bytes } from '../engine/format/bytes.ts';\nexport const used = bytes;\n";
    expect((await problemsOf('electron/service/bad.ts', text)).lint).toContain('may import only');
  });

  test('a package outside its folder', async () => {
    const text = "import Database from 'better-sqlite3';\nexport const open = Database;\n";
    const { lint } = await problemsOf('electron/engine/backup/bad.ts', text);
    expect(lint).toContain('better-sqlite3 is imported in');
    expect((await problemsOf('electron/engine/sources/ok.ts', text)).lint).toBe('');
  });
});

describe('the engine has no clock and no random of its own', () => {
  test.each([
    ['Date.now', 'export const now = Date.now();\n', 'no-ambient-time'],
    ['new Date', 'export const now = new Date();\n', 'no-ambient-time'],
    ['Math.random', 'export const chance = Math.random();\n', 'no-ambient-random'],
    [
      'randomBytes',
      "import { randomBytes } from 'node:crypto';\nexport const key = randomBytes(32);\n",
      'no-ambient-random',
    ],
    [
      'randomUUID',
      "import * as crypto from 'node:crypto';\nexport const id = crypto.randomUUID();\n",
      'no-ambient-random',
    ],
  ])('%s', async (_, text, rule) => {
    expect((await problemsOf('electron/engine/vault/bad.ts', text)).lint).toContain(rule);
    expect((await problemsOf('electron/history/ok.ts', text)).lint).toBe('');
  });

  test('a date made from a given moment passes', async () => {
    const text = 'export const at = (ms: number): string => new Date(ms).toISOString();\n';
    expect((await problemsOf('electron/engine/vault/ok.ts', text)).lint).toBe('');
  });
});

describe('what gets lost silently does not pass', () => {
  test.each([
    [
      'a promise nobody waits for',
      'export const go = (): void => {\n  Promise.resolve(1);\n};\n',
      'no-floating-promises',
    ],
    ['a default export', 'export default 1;\n', 'no-default-export'],
  ])('%s', async (_, text, rule) => {
    expect((await problemsOf('electron/engine/vault/bad.ts', text)).lint).toContain(rule);
  });

  test('an enum', async () => {
    const { types } = await problemsOf(
      'electron/engine/vault/bad.ts',
      'export enum Kind {\n  Full,\n}\n',
    );
    expect(types).toContain('TS1294');
  });

  test('a focused or skipped test', async () => {
    const text =
      "import { test } from 'vitest';\ntest.only('a', () => {});\ntest.skip('b', () => {});\n";
    const { lint } = await problemsOf('test/unit/bad.test.ts', text);
    expect(lint).toContain('no-focused-tests');
    expect(lint).toContain('no-disabled-tests');
  });
});
