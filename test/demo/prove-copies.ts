/** Proof that the copies are good: every byte checked, a restore test, and a restore without Holdfast. */
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { formatBytes } from '../../shared/text/bytes.ts';
import { drilled, restoredFolder, verified } from './answers.ts';
import type { GoodState } from './back-up.ts';
import { readCrmFigures } from './crm-figures.ts';
import { measureFolder } from './demo-folder.ts';
import { atPlace, holdfast, placeOf, type LiveDemo } from './demo.ts';
import { duration, short } from './figures-text.ts';
import type { Loss } from './find-loss.ts';
import { runProcess } from './run-process.ts';

/** `verify --data` */
export async function checkEveryByte(demo: LiveDemo): Promise<void> {
  const { stage } = demo;
  const words = 'The whole place is read, decrypted and authenticated.';
  await stage.step('verify', 'Is every byte still good?', words, async () => {
    const packs = measureFolder(join(placeOf(demo), 'packs'));
    const { answer, ms } = await holdfast(demo, ['verify', ...atPlace, '--data'], verified);
    stage.figure('Checked', `${answer.points} restore points`);
    stage.figure('Read', formatBytes(answer.bytesRead, 'en'));
    stage.figure('Time', duration(ms));
    stage.check(
      `Nothing is damaged or missing, and all ${formatBytes(packs, 'en')} of packs were read.`,
      answer.bytesRead >= packs,
      `The packs have ${packs} bytes; ${answer.bytesRead} were read.`,
    );
  });
}

/** `drill`: of the point that everything here depended on. */
export async function testRestore(demo: LiveDemo, good: GoodState, loss: Loss): Promise<void> {
  const { stage } = demo;
  const words = `A copy proves itself only by being restored: into a scratch folder, opened by the database engine, and
compared with what was recorded of it.`;
  await stage.step('drill', 'The restore test', words, async () => {
    const args = ['drill', short(good.point.point.id), ...atPlace];
    const { answer, ms } = await holdfast(demo, args, drilled);
    const [source] = answer.sources;
    if (source === undefined) throw new Error('the answer names no database');
    stage.figure('Restored', formatBytes(source.bytes, 'en'));
    stage.figure(
      'Recovery time',
      `${duration(answer.recoveryMs)}, until the data was back and proved`,
    );
    stage.figure('Time', duration(ms));
    stage.equal("SQLite's integrity check found nothing.", source.complaints?.length ?? null, 0);
    const then = { ...good.figures.rows, activities: loss.activities };
    const wrong = source.counts.filter(
      ({ table, rows, recorded }) =>
        rows !== Object.entries(then).find(([name]) => name === table)?.[1] ||
        (recorded !== null && recorded !== rows),
    );
    stage.check(
      `All ${source.counts.length} tables have the rows that they had before the accident.`,
      source.counts.length === Object.keys(then).length && wrong.length === 0,
      `Not as before the accident: ${JSON.stringify(wrong)}, against ${JSON.stringify(then)}.`,
    );
  });
}

/** The emergency reader, with the recovery key alone, against a restore by Holdfast. */
export async function readWithoutHoldfast(
  demo: LiveDemo,
  good: GoodState,
  recoveryKey: string,
): Promise<void> {
  const { stage, folder } = demo;
  const words = `One plain script lies in every copy. It needs Node and the recovery key, and nothing of Holdfast.`;
  await stage.step('reader', 'Without Holdfast', words, async () => {
    const id = good.point.point.id;
    const listing = await runReader(demo, recoveryKey, ['list']);
    const ids = listing.stdout.match(/\b[0-9a-f]{8,32}\b/g) ?? [];
    stage.require(
      ids.some((each) => id.startsWith(each)),
      `The restore point ${id} is not in its list:\n${listing.stdout}`,
    );
    const { ms } = await runReader(demo, recoveryKey, ['restore', short(id), '../by-reader']);
    stage.figure('Time', `${duration(ms)}, with the recovery key`);
    const into = [...atPlace, '--into', 'by-holdfast'];
    const restored = await holdfast(demo, ['restore', short(id), ...into], restoredFolder);
    stage.figure(
      'Restored',
      `${formatBytes(restored.answer.bytes, 'en')} in ${duration(restored.ms)}, to compare with`,
    );
    await compareFolders(demo);
    const [file = ''] = listFiles(join(folder, 'by-reader'));
    const { digests } = readCrmFigures(
      join(folder, 'by-reader', file),
      good.figures.newestActivity,
    );
    stage.equal(
      `Its contacts are those from before the accident: SHA-256 ${short(digests.contacts)}.`,
      digests.contacts,
      good.figures.digests.contacts,
    );
  });
}

async function runReader(
  { stage, signal, ...demo }: LiveDemo,
  recoveryKey: string,
  args: string[],
) {
  stage.command(`node restore.mjs ${args.join(' ')}`);
  const cwd = placeOf({ stage, signal, ...demo });
  const env = { HOLDFAST_RECOVERY_KEY: recoveryKey };
  const result = await runProcess(['restore.mjs', ...args], { cwd, env, signal });
  if (result.exitCode !== 0) {
    throw new Error(`The emergency reader ended with ${result.exitCode}.\n${result.stderr}`);
  }
  return result;
}

async function compareFolders({ stage, folder }: LiveDemo): Promise<void> {
  const [reader, own] = ['by-reader', 'by-holdfast'].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const files = listFiles(reader);
  const others = listFiles(own).join(', ');
  stage.require(
    files.join(', ') === others,
    `It restored ${files.join(', ')}, Holdfast ${others}.`,
  );
  for (const file of files) {
    const [first, second] = await Promise.all([
      digestFile(join(reader, file)),
      digestFile(join(own, file)),
    ]);
    const size = formatBytes(statSync(join(reader, file)).size, 'en');
    stage.equal(
      `Both restored the same ${size}, byte by byte: ${file}, SHA-256 ${short(first)}.`,
      first,
      second,
    );
  }
}

const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
