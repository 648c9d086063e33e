/**
 * The project's own TypeScript as Node 22 runs it: the same files under the same names, types taken out and what only
 * Node 24 knows (`using`) written out. Nothing is bundled, so every `new URL('./x.ts', import.meta.url)` finds its file.
 * `vitest` is the small one beside this file; all other packages are the project's.
 */
import { cp, glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { transformWithOxc } from 'vite';

const sources = ['shared/**/*.ts', 'electron/**/*.{ts,mjs,txt}', 'test/**/*.{ts,mjs}'];

/** What oxc calls for `using` and `await using`; its package is not installed. */
const usingHelper = `export default function usingCtx() {
  const held = [];
  const hold = (isAsync, value) => {
    if (value === null || value === undefined) return value;
    const dispose = (isAsync ? value[Symbol.asyncDispose] : undefined) ?? value[Symbol.dispose];
    if (typeof dispose !== 'function') throw new TypeError('not disposable');
    held.push({ isAsync, dispose: () => dispose.call(value) });
    return value;
  };
  const failures = [];
  const give = () => {
    if (failures.length > 0) throw failures.reduce((a, b) => Object.assign(new Error('also failed while closing'), { error: b, suppressed: a }));
  };
  const end = () => {
    for (let one = held.pop(); one !== undefined; one = held.pop()) {
      try {
        const done = one.dispose();
        if (one.isAsync) return Promise.resolve(done).catch((error) => void failures.push(error)).then(end);
      } catch (error) { failures.push(error); }
    }
    return give();
  };
  return { u: (value) => hold(false, value), a: (value) => hold(true, value), d: end, set e(error) { failures.push(error); } };
}
`;

/** Writes the tree into `folder`, which lies below the project so that packages are found from there. */
export async function lowerSource(root: string, folder: string): Promise<void> {
  for (const pattern of sources) {
    for await (const file of glob(pattern, { cwd: root })) {
      const to = join(folder, file);
      await mkdir(dirname(to), { recursive: true });
      if (file.endsWith('.ts')) await writeFile(to, await lower(join(root, file)));
      else await cp(join(root, file), to);
    }
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await writePackage(folder, '@oxc-project/runtime', 'helpers/usingCtx', usingHelper);
  const small = '../../test/support/windows/small-vitest.ts';
  await writePackage(folder, 'vitest', '.', `export * from '${small}';\n`);
}

async function lower(path: string): Promise<string> {
  const { code } = await transformWithOxc(await readFile(path, 'utf8'), path, { target: 'node22' });
  return code;
}

async function writePackage(
  folder: string,
  name: string,
  entry: string,
  text: string,
): Promise<void> {
  const home = join(folder, 'node_modules', name);
  const exports = { [entry === '.' ? '.' : `./${entry}`]: './index.js' };
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ name, type: 'module', exports }));
  await writeFile(join(home, 'index.js'), text);
}
