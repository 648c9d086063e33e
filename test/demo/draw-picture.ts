/**
 * Draws the picture of the README: a terminal with the essential steps of a real run of the demo, as it printed them.
 * The demo must end well. What is left out is said in the picture.
 *
 *   npm run demo:picture
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawTerminal } from './draw-terminal.ts';
import { runProcess } from './run-process.ts';

const demo = fileURLToPath(new URL('./run-demo.ts', import.meta.url));
const picture = fileURLToPath(new URL('../../build/readme/demo.svg', import.meta.url));
const mostBytes = 60 * 1024;

/** Blocks by their titles; of some, only so many lines. */
const shown: readonly { readonly title: string; readonly lines?: number }[] = [
  { title: 'The first backup' },
  { title: 'The accident', lines: 5 },
  { title: 'What is missing?' },
  { title: 'Everything back, in place' },
  { title: 'Only the 412 records' },
];

/** Blocks are parted by empty lines; the last begins with the result. */
function choose(output: string): string[] {
  const blocks = output
    .trimEnd()
    .split('\n\n')
    .map((block) => block.split('\n'));
  const chosen = shown.flatMap(({ title, lines }) => {
    const block = blocks.find(([first]) => first?.includes(title));
    if (block === undefined) throw new Error(`the demo has no step "${title}"`);
    return lines === undefined ? [...block, ''] : [...block.slice(0, lines), '    ...', ''];
  });
  return [...chosen, ...(blocks.at(-1) ?? []).slice(0, 1)];
}

const { signal } = new AbortController();
const env = { ...process.env, FORCE_COLOR: '1', NO_COLOR: undefined };
const { exitCode, stdout, stderr } = await runProcess([demo], { cwd: process.cwd(), env, signal });
process.stdout.write(stdout + stderr);
if (exitCode !== 0) throw new Error(`the demo ended with ${exitCode}`);
const svg = drawTerminal('npm run demo (parts of its output)', choose(stdout));
if (svg.length > mostBytes) throw new Error(`the picture has ${svg.length} bytes`);
mkdirSync(dirname(picture), { recursive: true });
writeFileSync(picture, svg);
