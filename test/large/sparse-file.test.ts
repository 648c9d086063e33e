/** What the owner of a virtual disk would lose: a file that is almost all holes must not fill the place, the memory or the disk. */
import { closeSync, ftruncateSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { openLargeOffice } from '../support/large/large-office.ts';
import { scale } from '../support/large/step-results.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const bytes = Math.round(100 * 2 ** 30 * scale);
const MIB = 2 ** 20;
/** DESIGN: 250 MB, and a tenth more for any size. */
const LIMIT_BYTES = 275 * MIB;
/** Where content lies, as shares of the file; the last bytes as well. */
const islands = [0, 0.037, 0.5, 0.999];
const island = Buffer.alloc(100_000, 'an island in the sea ');

test(`a sparse file of ${bytes} bytes takes little and comes back with its holes`, async () => {
  const folder = await makeTemporaryFolder();
  const source = join(folder, 'disks');
  mkdirSync(source);
  const offsets = islands.map((share) => Math.floor(bytes * share));
  makeSparse(join(source, 'disk.img'), offsets);
  await using office = await openLargeOffice('sparse file', folder, {
    sources: [source],
    builtFolder: inject('builtFolder'),
  });
  const { plan } = office;
  await office.cancelled('cancel a capture', 'runPlan', { plan }, { phase: 'read', share: MIB });
  const first = await office.step('first backup', 'runPlan', { plan });
  expect(first.value.bytesRead).toBe(bytes);
  expect(first.value.bytesStored).toBeLessThan(10 * MIB);
  expect(await sizeOf(office.place)).toBeLessThan(20 * MIB);
  const same = await office.step('nothing changed', 'runPlan', { plan });

  const back = join(folder, 'back');
  const restored = await office.step('restore', 'bringBack', {
    plan,
    point: first.value.point,
    what: { kind: 'everything' },
    where: { kind: 'folder', path: back },
    goOnWithoutUndo: false,
  });
  const found = statSync(join(back, 'disk.img'));
  expect(found.size).toBe(bytes);
  expect(found.blocks * 512).toBeLessThan(2 * MIB);
  await expectContent(join(back, 'disk.img'), offsets);
  const peaks = [first, same, restored].map(({ peakBytes }) => peakBytes);
  expect(Math.max(...peaks)).toBeLessThan(LIMIT_BYTES);
});

function makeSparse(path: string, offsets: readonly number[]): void {
  const file = openSync(path, 'wx');
  ftruncateSync(file, bytes);
  for (const offset of offsets) writeSync(file, island, 0, island.length, offset);
  closeSync(file);
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name))).blocks),
  );
  return sizes.reduce((sum, blocks) => sum + blocks * 512, 0);
}

/** The islands where they were; what else takes room on the disk cannot be much, by its blocks. */
async function expectContent(path: string, offsets: readonly number[]): Promise<void> {
  await using file = await open(path, 'r');
  const margin = 4096;
  const found = Buffer.alloc(island.length + 2 * margin);
  for (const offset of offsets) {
    const from = Math.max(0, offset - margin);
    await file.read(found, 0, found.length, from);
    const at = offset - from;
    expect(found.subarray(at, at + island.length).equals(island)).toBe(true);
    expect(found.subarray(at + island.length).every((byte) => byte === 0)).toBe(true);
    expect(found.subarray(0, at).every((byte) => byte === 0)).toBe(true);
    found.fill(0);
  }
}
