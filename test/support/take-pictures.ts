/**
 * Takes the README's pictures anew: drives the app through its whole story (test/e2e/app/tour.test.ts) and copies six of the
 * stations. `npm run pictures`; needs Chromium.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTool } from './run-tool.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const from = join(root, 'test-results/tour');
const to = join(root, 'build/readme');
const pictures = [
  '2-home',
  '1-first-start',
  '3-back-to-when',
  '4-one-click',
  '5-brought-back',
  '8-home-zh',
];

const story = ['vitest', 'run', '--project=e2e', 'test/e2e/app/tour.test.ts'] as const;
const { exitCode, output } = await runTool(root, story);
if (exitCode !== 0) throw new Error(`the story failed\n${output}`);
await mkdir(to, { recursive: true });
for (const name of pictures) {
  const plain = name.replace(/^\d-/u, '');
  await copyFile(join(from, `${name}.png`), join(to, `${plain}.png`));
  console.log(`build/readme/${plain}.png`);
}
