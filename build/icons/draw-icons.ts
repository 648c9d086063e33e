/**
 * Draws the icons of the app and of the tray from one description into PNG files beside this one. The files are committed;
 * a test draws them again and compares. Three states by shape: shield with a check, triangle with an exclamation mark,
 * octagon with a cross. For macOS in black, as a template that the system colours.
 *
 *   npm run icons
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';

type Point = readonly [x: number, y: number];
type Shape = (point: Point) => boolean;
type Colour = readonly [red: number, green: number, blue: number];

/** Shapes live in a square from 0 to 1. */
const inside =
  (corners: readonly Point[]): Shape =>
  ([x, y]) => {
    let isIn = false;
    for (const [index, [ax, ay]] of corners.entries()) {
      const [bx, by] = corners.at(index - 1) ?? [0, 0];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isIn = !isIn;
    }
    return isIn;
  };

/** A line with round ends along `points`. */
const stroke =
  (points: readonly Point[], width: number): Shape =>
  (point) =>
    points.slice(1).some((end, index) => distance(point, points[index] ?? end, end) <= width / 2);

function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / length;
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - at * dx, y - ay - at * dy);
}

const anyOf =
  (...shapes: readonly Shape[]): Shape =>
  (point) =>
    shapes.some((shape) => shape(point));

const shield: Shape = ([x, y]) => {
  if (y < 0.08 || y > 0.97) return false;
  const half = y < 0.5 ? 0.4 : 0.4 * Math.sqrt(Math.max(0, 1 - ((y - 0.5) / 0.47) ** 2));
  // The upper edge sinks a little towards the sides.
  return Math.abs(x - 0.5) <= half && y >= 0.06 + 0.3 * Math.abs(x - 0.5) ** 1.5;
};
const triangle = inside([
  [0.5, 0.05],
  [0.99, 0.93],
  [0.01, 0.93],
]);
const octagon = inside(
  Array.from({ length: 8 }, (_, corner): Point => {
    const angle = ((corner + 0.5) * Math.PI) / 4;
    return [0.5 + 0.5 * Math.cos(angle), 0.5 + 0.5 * Math.sin(angle)];
  }),
);
const check = stroke(
  [
    [0.29, 0.5],
    [0.44, 0.66],
    [0.72, 0.34],
  ],
  0.125,
);
const exclamation = anyOf(
  stroke(
    [
      [0.5, 0.38],
      [0.5, 0.6],
    ],
    0.12,
  ),
  stroke(
    [
      [0.5, 0.78],
      [0.5, 0.78],
    ],
    0.13,
  ),
);
const cross = anyOf(
  stroke(
    [
      [0.33, 0.33],
      [0.67, 0.67],
    ],
    0.125,
  ),
  stroke(
    [
      [0.67, 0.33],
      [0.33, 0.67],
    ],
    0.125,
  ),
);

interface Icon {
  readonly outline: Shape;
  readonly mark: Shape;
  readonly colour: Colour;
}

const states: Readonly<Record<string, Icon>> = {
  protected: { outline: shield, mark: check, colour: [16, 124, 16] },
  attention: { outline: triangle, mark: exclamation, colour: [194, 104, 0] },
  'not-protected': { outline: octagon, mark: cross, colour: [196, 43, 28] },
};
const product: Icon = { outline: shield, mark: check, colour: [15, 84, 140] };

/** Eight by eight looks for each pixel make its edges smooth. */
const LOOKS = 8;

/** Pixels as red, green, blue, alpha; a template is black, with its mark cut out. */
function drawIcon({ outline, mark, colour }: Icon, size: number, isTemplate: boolean): Buffer {
  const pixels = Buffer.alloc(size * size * 4);
  for (let index = 0; index < size * size; index += 1) {
    const [left, top] = [index % size, Math.floor(index / size)];
    let [covered, marked] = [0, 0];
    for (let look = 0; look < LOOKS * LOOKS; look += 1) {
      const x = (left + ((look % LOOKS) + 0.5) / LOOKS) / size;
      const y = (top + (Math.floor(look / LOOKS) + 0.5) / LOOKS) / size;
      if (!outline([x, y])) continue;
      covered += 1;
      if (mark([x, y])) marked += 1;
    }
    const part = covered === 0 ? 0 : marked / covered;
    const shown = isTemplate ? covered - marked : covered;
    const tint = colour.map((value) => (isTemplate ? 0 : Math.round(value + (255 - value) * part)));
    pixels.set([...tint, Math.round((255 * shown) / (LOOKS * LOOKS))], index * 4);
  }
  return pixels;
}

/** By the PNG specification: no filter, no interlacing. */
function encodePng(pixels: Buffer, size: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: size }, (_, row) =>
    Buffer.concat([Buffer.of(0), pixels.subarray(row * size * 4, (row + 1) * size * 4)]),
  );
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** Every icon file: its name, its side in pixels, and its pixels. */
export function drawIcons(): readonly {
  readonly name: string;
  readonly size: number;
  readonly pixels: Buffer;
}[] {
  const tray = Object.entries(states).flatMap(([state, icon]) =>
    [16, 32].flatMap((size) => {
      const finer = size === 16 ? '' : '@2x';
      return [
        { name: `tray-${state}${finer}.png`, size, pixels: drawIcon(icon, size, false) },
        { name: `tray-${state}-Template${finer}.png`, size, pixels: drawIcon(icon, size, true) },
      ];
    }),
  );
  return [...tray, { name: 'holdfast.png', size: 256, pixels: drawIcon(product, 256, false) }];
}

if (import.meta.main) {
  for (const { name, size, pixels } of drawIcons()) {
    await writeFile(join(import.meta.dirname, name), encodePng(pixels, size));
  }
}
