/** What the built files may hold: each process only what is its own, followed through every file that it loads. */
import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, inject, test } from 'vitest';

const folder = inject('builtFolder');
const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);

/** Every form in which a bundle names another file or package. */
const importing = [
  /(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{},\s]+?\s*from\s*)?["']([^"'\n]+)["']/gu,
  /\bimport\s*\(\s*["']([^"'\n]+)["']\s*\)/gu,
  /\brequire\s*\(\s*["']([^"'\n]+)["']\s*\)/gu,
  /\bnew URL\(\s*["']([^"'\n]+\.m?js)["']/gu,
];

/** Lines of comments, where packages describe their types by imports. */
const comment = /^\s*(?:\/\*|\*|\/\/).*$/gmu;

interface Walk {
  readonly packages: ReadonlySet<string>;
  readonly text: string;
}

/** All files that `entry` leads to, and the packages that they name. */
async function walk(entry: string): Promise<Walk> {
  const packages = new Set<string>();
  const texts = new Map<string, string>();
  const queue = [join(folder, entry)];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (texts.has(file)) continue;
    const text = await readFile(file, 'utf8');
    texts.set(file, text);
    const code = text.replaceAll(comment, '');
    const named = importing.flatMap((form) => [...code.matchAll(form)].map((hit) => hit[1] ?? ''));
    for (const name of named) {
      if (name.startsWith('.')) queue.push(join(dirname(file), name));
      else if (!builtins.has(name)) packages.add(name);
    }
  }
  return { packages, text: [...texts.values()].join('\n') };
}

test('the walk sees what a bundle loads, in its chunks and workers too', async () => {
  const { packages, text } = await walk('agent.js');
  expect(packages).toContain('better-sqlite3');
  expect(text).toContain('better-sqlite3');
});

test('main opens no database and seals nothing: it could block the tray and hold keys', async () => {
  const { packages } = await walk('main.js');
  expect([...packages]).toEqual(['electron']);
});

test.each(['agent.js', 'cli.js'])('%s runs under plain Node', async (entry) => {
  const { packages } = await walk(entry);
  expect([...packages]).not.toContain('electron');
  const known = ['better-sqlite3', 'archiver', 'keytar'];
  expect([...packages].filter((name) => !known.includes(name))).toEqual([]);
});

test('the bridge is one small file that loads electron and nothing else', async () => {
  const { packages, text } = await walk('preload.cjs');
  expect([...packages]).toEqual(['electron']);
  expect(text).toBe(await readFile(join(folder, 'preload.cjs'), 'utf8'));
  expect(text).not.toMatch(/zod|safeParse|process\.|require\("node:/u);
  expect(text.length).toBeLessThan(3_000);
});

test('the page of the window has no script in it and leads nowhere else', async () => {
  const html = await readFile(join(folder, '../renderer/index.html'), 'utf8');
  const scripts = [...html.matchAll(/<script\b([^>]*)>([^<]*)/gu)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, attributes = '', body = ''] of scripts) {
    expect(attributes).toMatch(/src="\.\/assets\//u);
    expect(body.trim()).toBe('');
  }
  expect(html).not.toMatch(/https?:|style=|<style|\son\w+=/u);
  expect(html).toContain('<meta name="style-nonce" content=""');
});

test('the window neither evaluates text nor loads anything by an address of the net', async () => {
  const assets = join(folder, '../renderer/assets');
  for (const name of (await readdir(assets)).filter((file) => file.endsWith('.js'))) {
    const text = await readFile(join(assets, name), 'utf8');
    expect(text, name).not.toMatch(/\bimport\(\s*["'`]https?:/u);
    expect(text, name).not.toMatch(/require\(["'](?:electron|node:)/u);
  }
});
