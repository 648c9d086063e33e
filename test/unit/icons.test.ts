import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { drawIcons } from '../../build/icons/draw-icons.ts';

const folder = fileURLToPath(new URL('../../build/icons', import.meta.url));
const icons = drawIcons();

/** The pixels of a PNG of ours: one IDAT chunk, no filter. */
function pixelsOf(png: Buffer, size: number): Buffer {
  const at = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const width = size * 4 + 1;
  return Buffer.concat(
    Array.from({ length: size }, (_, row) => rows.subarray(row * width + 1, (row + 1) * width)),
  );
}

test.each(icons)('$name is what its description draws', async ({ name, size, pixels }) => {
  const png = await readFile(join(folder, name));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  expect(pixelsOf(png, size).equals(pixels)).toBe(true);
});

test('the three states differ by their outline, not by colour alone', () => {
  const outlines = ['protected', 'attention', 'not-protected'].map((state) => {
    const { pixels } = icons.find(({ name }) => name === `tray-${state}.png`) ?? {};
    return Array.from(pixels ?? [], (value, index) => (index % 4 === 3 && value > 127 ? 1 : 0));
  });
  for (const [a, b] of [
    [0, 1],
    [1, 2],
    [0, 2],
  ] as const) {
    const differing = outlines[a]?.filter((value, index) => value !== outlines[b]?.[index]).length;
    // Of 256 pixels.
    expect(differing).toBeGreaterThan(20);
  }
});

test('for macOS they are black, with transparency only', () => {
  for (const { name, pixels } of icons.filter(({ name }) => name.includes('Template'))) {
    const colours = pixels.filter((_, index) => index % 4 !== 3);
    expect(
      colours.every((value) => value === 0),
      name,
    ).toBe(true);
  }
});
