import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChunkIndex, type KnownChunk } from '../../../electron/engine/backup/chunk-index.ts';

/** Few distinct beginnings, so that chunks meet in the same slots. */
const hashes = fc
  .tuple(fc.constantFrom(0, 1, 4095, 4096, 0xffffffff), fc.nat({ max: 40 }))
  .map(([first, last]) => {
    const hash = Buffer.alloc(16);
    hash.writeUInt32LE(first, 0);
    hash.writeUInt32LE(last, 12);
    return hash;
  });
const places: fc.Arbitrary<KnownChunk> = fc.oneof(
  fc.record({
    kind: fc.constant('stored' as const),
    packId: fc.constantFrom('a', 'b', 'c'),
    frame: fc.nat(),
    offset: fc.nat(),
  }),
  fc.record({ kind: fc.constant('new' as const), ordinal: fc.nat(), offset: fc.nat() }),
);

test('a chunk is found where it was last put, whatever other chunks share its slot', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hashes, places), { maxLength: 300 }), (steps) => {
      const index = createChunkIndex();
      const oracle = new Map<string, KnownChunk>();
      for (const [hash, place] of steps) {
        expect(index.get(hash)).toEqual(oracle.get(hash.toString('hex')) ?? null);
        index.set(hash, place);
        oracle.set(hash.toString('hex'), place);
      }
      for (const [key, place] of oracle) expect(index.get(Buffer.from(key, 'hex'))).toEqual(place);
      expect(index.size).toBe(oracle.size);
    }),
  );
});

test('it grows, and loses none', () => {
  const index = createChunkIndex();
  const hashOf = (number: number): Buffer => {
    const hash = Buffer.alloc(16);
    hash.writeUInt32LE(Math.imul(number, 2_654_435_761) >>> 0, 0);
    hash.writeUInt32LE(number, 8);
    return hash;
  };
  const count = 6_000;
  for (let number = 0; number < count; number += 1)
    index.set(hashOf(number), { kind: 'new', ordinal: number, offset: number * 3 });
  for (let number = 0; number < count; number += 1)
    expect(index.get(hashOf(number))).toEqual({ kind: 'new', ordinal: number, offset: number * 3 });
  expect([index.size, index.get(hashOf(count))]).toEqual([count, null]);
});
