/** Bytes and values: what is written is what is read, and what was tampered with is refused. */
import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BackupError } from '../../../shared/model/backup-error.ts';
import {
  openObject,
  sealObject,
  splitFrames,
} from '../../../electron/engine/crypto/object-sealer.ts';
import {
  formatRecoveryKey,
  looksLikeRecoveryKey,
  parseRecoveryKey,
} from '../../../electron/engine/crypto/recovery-key.ts';
import {
  catalogueKey,
  decodeCatalogue,
  encodeCatalogue,
} from '../../../electron/engine/format/catalogue.ts';
import {
  decodeListEntries,
  encodeListEntry,
  isListPath,
} from '../../../electron/engine/format/list-entry.ts';
import {
  parseDataName,
  parseLeaseName,
  parseNoteName,
  parsePointName,
  packName,
  tableName,
} from '../../../electron/engine/format/object-names.ts';
import {
  decodePackClosing,
  encodePackClosing,
} from '../../../electron/engine/format/pack-directory.ts';
import {
  rootDigest,
  segmentDigest,
  zeroPageHash,
} from '../../../electron/engine/format/page-digest.ts';
import {
  decodePageSegment,
  encodePageSegment,
  ZERO_PACK,
  type PageRun,
} from '../../../electron/engine/format/page-segment.ts';
import {
  decodeFrameHeader,
  encodeFrameHeader,
  MAX_FRAME_BYTES,
} from '../../../electron/engine/format/sealed-object.ts';

const keys = { vaultId: '00112233445566778899aabbccddeeff', master: Buffer.alloc(32, 7) };
const id = 'ffeeddccbbaa99887766554433221100';

describe('the recovery key on paper', () => {
  const secret = fc.uint8Array({ minLength: 20, maxLength: 20 });

  test('survives lower case, spaces, missing dashes and O, I, L for 0 and 1', () => {
    fc.assert(
      fc.property(secret, (bytes) => {
        const text = formatRecoveryKey(bytes);
        const typed = text
          .toLowerCase()
          .replaceAll('-', '  ')
          .replaceAll('0', 'o')
          .replaceAll('1', 'l');
        expect(parseRecoveryKey(typed)).toEqual(Buffer.from(bytes));
        expect(looksLikeRecoveryKey(typed)).toBe(true);
      }),
    );
  });

  test('names the group with one wrong symbol or two swapped neighbours', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    fc.assert(
      fc.property(secret, fc.nat(39), fc.nat(31), (bytes, position, symbol) => {
        const plain = formatRecoveryKey(bytes).replaceAll('-', '');
        const wrong =
          plain.slice(0, position) + alphabet.charAt(symbol) + plain.slice(position + 1);
        fc.pre(wrong !== plain);
        expect(() => parseRecoveryKey(wrong)).toThrow(
          expect.objectContaining({
            failure: { code: 'recovery-key-mistyped', groups: [Math.floor(position / 5) + 1] },
          }),
        );
      }),
    );
    fc.assert(
      fc.property(secret, fc.nat(7), fc.nat(2), (bytes, group, k) => {
        const plain = [...formatRecoveryKey(bytes).replaceAll('-', '')];
        const at = group * 5 + k;
        const [a = '', b = ''] = [plain[at], plain[at + 1]];
        fc.pre(a !== b);
        plain.splice(at, 2, b, a);
        expect(() => parseRecoveryKey(plain.join(''))).toThrow(BackupError);
      }),
    );
  });

  test('groups typed in another order are refused', () => {
    const groups = formatRecoveryKey(randomBytes(20)).split('-');
    groups.reverse();
    expect(() => parseRecoveryKey(groups.join('-'))).toThrow(BackupError);
  });
});

describe('sealed objects', () => {
  test('come back frame by frame, and any flipped bit is noticed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (contents, where) => {
          const bytes = sealObject(keys, 'note', id, contents);
          expect(openObject(keys, 'note', bytes, 'x').frames.map((frame) => [...frame])).toEqual(
            contents.map((frame) => [...frame]),
          );
          const flipped = Buffer.from(bytes);
          const bit = where % (bytes.length * 8);
          flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const isTrailer = bit >> 3 >= bytes.length - 24;
          // The end marker's offset, counter and padding are not sealed; a reader of whole objects does not use them.
          if (!isTrailer && !(bit >> 3 >= 11 && bit >> 3 < 16)) {
            expect(() => openObject(keys, 'note', flipped, 'x')).toThrow(BackupError);
          }
        },
      ),
    );
  });

  test('are no objects of another kind, vault or length', () => {
    const bytes = sealObject(keys, 'note', id, [Buffer.from('x')]);
    expect(() => openObject(keys, 'lease', bytes, 'x')).toThrow(BackupError);
    expect(() => openObject({ ...keys, vaultId: id }, 'note', bytes, 'x')).toThrow(BackupError);
    for (const length of [0, 10, 32, bytes.length - 1]) {
      expect(() => openObject(keys, 'note', bytes.subarray(0, length), 'x')).toThrow(BackupError);
    }
    expect(() => openObject(keys, 'note', Buffer.concat([bytes, Buffer.alloc(1)]), 'x')).toThrow(
      BackupError,
    );
  });

  test('the padding of the object header is authenticated too', () => {
    const bytes = sealObject(keys, 'note', id, [Buffer.from('x')]);
    bytes[12] = 1;
    expect(() => openObject(keys, 'note', bytes, 'x')).toThrow(BackupError);
  });

  test('content is split into frames of at most 4 MiB', () => {
    expect(splitFrames(Buffer.alloc(MAX_FRAME_BYTES * 2 + 1)).map((frame) => frame.length)).toEqual(
      [MAX_FRAME_BYTES, MAX_FRAME_BYTES, 1],
    );
    expect(splitFrames(Buffer.alloc(0))).toHaveLength(1);
  });

  test('a frame header out of bounds is refused before anything is allocated', () => {
    const header = encodeFrameHeader({
      sealedBytes: 10,
      rawBytes: 20,
      codec: 'zstd',
      isLast: false,
    });
    expect(decodeFrameHeader(header, 'x')).toEqual({
      sealedBytes: 10,
      rawBytes: 20,
      codec: 'zstd',
      isLast: false,
    });
    for (const [at, value] of [
      [0, 21],
      [4, MAX_FRAME_BYTES + 1],
    ] as const) {
      const bad = Buffer.from(header);
      bad.writeUInt32LE(value, at);
      expect(() => decodeFrameHeader(bad, 'x')).toThrow(BackupError);
    }
    for (const [at, value] of [
      [8, 3],
      [9, 2],
      [8, 0],
    ] as const) {
      const bad = Buffer.from(header);
      bad.writeUInt8(value, at);
      expect(() => decodeFrameHeader(bad, 'x')).toThrow(BackupError);
    }
  });
});

describe('page segments', () => {
  const runs = fc
    .array(
      fc.record({
        gap: fc.nat(50),
        count: fc.integer({ min: 1, max: 90 }),
        pack: fc.constantFrom(0, 1, 2, ZERO_PACK),
      }),
      { maxLength: 40 },
    )
    .map((parts) => {
      let next = 0;
      return parts.map(({ gap, count, pack }): PageRun => {
        const first = next + gap;
        next = first + count;
        return { first, count, pack, frame: first % 9, slot: count };
      });
    });

  test('come back as they were', () => {
    fc.assert(
      fc.property(runs, (list) => {
        const placed = list
          .filter((run) => run.pack !== ZERO_PACK)
          .reduce((sum, run) => sum + run.count, 0);
        fc.pre(list.reduce((sum, run) => sum + run.count, 0) <= 4096);
        const hashes = randomBytes(placed * 16);
        expect(decodePageSegment(encodePageSegment({ runs: list, hashes }), 3, 'x')).toEqual({
          runs: list,
          hashes,
        });
      }),
    );
  });

  test.each([
    [
      'runs that overlap',
      [
        { first: 5, count: 3 },
        { first: 7, count: 1 },
      ],
      4,
    ],
    [
      'runs that descend',
      [
        { first: 5, count: 1 },
        { first: 1, count: 1 },
      ],
      2,
    ],
    ['an empty run', [{ first: 5, count: 0 }], 0],
    ['more than 4,096 entries', [{ first: 0, count: 4097 }], 4097],
    ['hashes that are missing', [{ first: 0, count: 2 }], 1],
  ])('%s are refused', (_name, parts, hashes) => {
    const list = parts.map((part) => ({ ...part, pack: 0, frame: 0, slot: 0 }));
    const bytes = encodePageSegment({ runs: list, hashes: Buffer.alloc(hashes * 16) });
    expect(() => decodePageSegment(bytes, 1, 'x')).toThrow(BackupError);
  });

  test('a pack that the level does not list is refused', () => {
    const bytes = encodePageSegment({
      runs: [{ first: 0, count: 1, pack: 1, frame: 0, slot: 0 }],
      hashes: Buffer.alloc(16),
    });
    expect(() => decodePageSegment(bytes, 1, 'x')).toThrow(BackupError);
  });
});

test('a root depends on every hash, on the sizes and on nothing else', () => {
  const file = { pageSize: 4096, pageCount: 2, size: 8192 };
  const digest = segmentDigest(Buffer.alloc(32, 1));
  const root = rootDigest(file, digest);
  expect(rootDigest({ ...file }, Buffer.from(digest))).toBe(root);
  for (const other of [{ pageSize: 8192 }, { pageCount: 1 }, { size: 8191 }])
    expect(rootDigest({ ...file, ...other }, digest)).not.toBe(root);
  expect(rootDigest(file, segmentDigest(Buffer.alloc(32, 2)))).not.toBe(root);
  expect(zeroPageHash(512)).toEqual(
    createHash('sha256').update(Buffer.alloc(512)).digest().subarray(0, 16),
  );
});

test('catalogues come back sorted, and a cut one is refused', () => {
  const entry = fc.record({
    epoch: fc.nat(0xffffffff),
    counter: fc.nat(0xffffffff),
    idPrefix: fc.nat(0xffffffff).map((n) => n.toString(16).padStart(8, '0')),
  });
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const bytes = encodeCatalogue(entries);
      const names = decodeCatalogue(bytes, 'x').map(catalogueKey);
      expect([...names].sort()).toEqual(names.toSorted());
      expect(new Set(names)).toEqual(new Set(entries.map(catalogueKey)));
      expect(() => decodeCatalogue(bytes.subarray(0, -1), 'x')).toThrow(BackupError);
    }),
  );
});

test('the directory of a pack comes back, and hashes that do not fit it are refused', () => {
  const directory = {
    frames: [
      {
        at: 32,
        kind: 'pages' as const,
        file: 0,
        runs: [
          [0, 3],
          [9, 1],
        ] as [number, number][],
      },
      { at: 99, kind: 'chunks' as const, lengths: [10, 20] },
    ],
    files: [{ source: id, path: 'crm.db', pageSize: 4096 }],
  };
  const hashes = randomBytes(6 * 16);
  expect(decodePackClosing(encodePackClosing(directory, [hashes]), 'x')).toEqual({
    directory,
    hashes,
  });
  expect(() => decodePackClosing(encodePackClosing(directory, [hashes.subarray(16)]), 'x')).toThrow(
    BackupError,
  );
  expect(() => decodePackClosing(Buffer.from([255, 255, 255, 255]), 'x')).toThrow(BackupError);
});

test('list entries come back; paths that leave the folder are refused', () => {
  const entry = {
    path: 'a/ü.pdf',
    kind: 'file' as const,
    size: 5,
    mode: 0o644,
    mtimeMs: 1.5,
    sha256: 'ab'.repeat(32),
    chunks: [[0, 1, 2, 5, id]] as [number, number, number, number, string][],
  };
  expect([...decodeListEntries(Buffer.from(encodeListEntry(entry)), 1, 'x')]).toEqual([entry]);
  expect(() => [...decodeListEntries(Buffer.from(encodeListEntry(entry)), 0, 'x')]).toThrow(
    BackupError,
  );
  for (const path of ['../x', '/x', 'a//b', 'a/../b', '.', '', 'a\0b']) {
    expect(isListPath(path)).toBe(false);
    expect(() => [
      ...decodeListEntries(Buffer.from(encodeListEntry({ ...entry, path })), 1, 'x'),
    ]).toThrow(BackupError);
  }
});

test('only names of the format are objects', () => {
  expect(parsePointName(`points/00000003-0000000a-${id}.b`)).toEqual({
    epoch: 3,
    counter: 10,
    id,
    side: 'b',
    stem: `00000003-0000000a-${id}`,
  });
  expect(parseNoteName(`notes/00000003-0000000a-forget-${id}`)).toMatchObject({
    what: 'forget',
    epoch: 3,
    counter: 10,
  });
  expect(parseLeaseName('leases/00000010')).toEqual({ kind: 'lease', epoch: 16 });
  expect(parseLeaseName('leases/00000010-0000000f')).toEqual({
    kind: 'heartbeat',
    epoch: 16,
    beat: 15,
  });
  expect(parseLeaseName('leases/00000010-end')).toEqual({ kind: 'end', epoch: 16 });
  expect(parseDataName(packName(id))).toEqual({ folder: 'packs', id });
  expect(parseDataName(tableName(id, 'a'))).toEqual({ folder: 'tables', id });
  for (const name of [
    `packs/00/${id}`,
    `packs/ff/${id}.a`,
    `tables/ff/${id}`,
    'packs/ff/tmp-00000001-aa',
    `points/3-a-${id}.a`,
    `notes/00000003-0000000a-other-${id}`,
  ]) {
    expect([
      parseDataName(name),
      parsePointName(name),
      parseNoteName(name),
      parseLeaseName(name),
    ]).toEqual([null, null, null, null]);
  }
});
