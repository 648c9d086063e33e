/**
 * A virus scanner, an indexer, a sync client: has a file open so that Windows lets nobody rename or remove it. SQLite opens
 * files without sharing deletion, and reads nothing from one before it is asked.
 *
 *   node hold-file.ts one FILE MS         holds one file from "held" on its output to MS after a line of input; 0: for ever
 *   node hold-file.ts every FOLDER MS     holds each file that appears below the folder, each for MS, until its input ends
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';

const LOOK_EVERY_MS = 2;

const [what = '', path = '', ms = '0'] = process.argv.slice(2);
const holdMs = Number(ms);

const hold = (file: string): Database.Database =>
  new Database(file, { readonly: true, fileMustExist: true });

async function holdOne(): Promise<void> {
  const held = hold(path);
  process.stdout.write('held\n');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  if (holdMs === 0) await new Promise(() => undefined);
  await wait(holdMs);
  held.close();
}

async function holdEvery(): Promise<void> {
  const seen = new Set(filesBelow(path));
  let count = 0;
  const input = { isOver: false };
  process.stdin.on('end', () => (input.isOver = true)).resume();
  process.stdout.write('held\n');
  while (!input.isOver) {
    for (const file of filesBelow(path)) {
      // A file that is given another name is the same one.
      if (seen.has(file)) continue;
      seen.add(file);
      try {
        const held = hold(file);
        count += 1;
        setTimeout(() => held.close(), holdMs);
      } catch {
        // Gone again.
      }
    }
    await wait(LOOK_EVERY_MS);
  }
  process.stdout.write(`${count}\n`);
  process.exit(0);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

await (what === 'one' ? holdOne() : holdEvery());
