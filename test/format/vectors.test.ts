/**
 * The committed vectors (made with Python from FORMAT.md, never regenerated) against the engine and against the writer
 * that tests the emergency reader. A change here means: vaults of today could not be read tomorrow.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  openFrame,
  sealFrame as sealEngineFrame,
} from '../../electron/engine/crypto/frame-cipher.ts';
import { openKeyHeader } from '../../electron/engine/crypto/key-header.ts';
import { deriveObjectKey } from '../../electron/engine/crypto/object-key.ts';
import { openObject } from '../../electron/engine/crypto/object-sealer.ts';
import { formatRecoveryKey, parseRecoveryKey } from '../../electron/engine/crypto/recovery-key.ts';
import { decodeCatalogue, encodeCatalogue } from '../../electron/engine/format/catalogue.ts';
import { hashPage, rootDigest, segmentDigest } from '../../electron/engine/format/page-digest.ts';
import { decodePageSegment, encodePageSegment } from '../../electron/engine/format/page-segment.ts';
import {
  decodeFrameHeader,
  encodeObjectHeader,
} from '../../electron/engine/format/sealed-object.ts';
import { BackupError } from '../../shared/model/backup-error.ts';
import { runReader } from '../support/emergency-reader.ts';
import * as writer from '../support/format-writer.ts';

const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const kind = z.enum(['pack', 'table', 'list', 'manifest', 'note']);
const count = z.int();
const vectors = z
  .strictObject({
    about: z.string(),
    keys: z.strictObject({ vaultId: hex, master: hex }),
    scrypt: z.strictObject({
      passphrase: z.string(),
      utf8: hex,
      salt: hex,
      N: count,
      r: z.literal(8),
      p: z.literal(1),
      key: hex,
    }),
    recoveryKey: z.strictObject({
      pairs: z.array(z.strictObject({ bytes: hex, text: z.string() })).length(3),
      typed: z.array(z.strictObject({ bytes: hex, text: z.string() })).length(6),
      mistyped: z
        .array(z.strictObject({ what: z.string(), text: z.string(), groups: z.array(count) }))
        .length(4),
    }),
    keyHeader: z.strictObject({ passphrase: z.string(), recoveryBytes: hex, text: z.string() }),
    objectKeys: z.array(z.strictObject({ kind, id: hex, key: hex })).length(3),
    frames: z
      .array(
        z.strictObject({
          kind,
          id: hex,
          counter: count,
          codec: z.enum(['none', 'deflate', 'zstd']),
          isLast: z.boolean(),
          content: hex,
          objectHeader: hex,
          frame: hex,
        }),
      )
      .length(3),
    object: z.strictObject({ kind, id: hex, frames: z.array(hex), bytes: hex }),
    segment: z.strictObject({
      about: z.string(),
      pageSize: count,
      packs: count,
      entries: z.array(z.tuple([count, z.nullable(count), count, count])),
      bytes: hex,
    }),
    roots: z.strictObject({
      about: z.string(),
      cases: z
        .array(z.strictObject({ pageSize: count, pageCount: count, size: count, root: hex }))
        .length(6),
    }),
    catalogue: z.strictObject({
      points: z.array(z.strictObject({ epoch: count, counter: count, id: hex })),
      bytes: hex,
    }),
  })
  .parse(JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')));

const bytes = (text: string): Buffer => Buffer.from(text, 'hex');
const writerKeys = { vaultId: bytes(vectors.keys.vaultId), master: bytes(vectors.keys.master) };
const engineKeys = { vaultId: vectors.keys.vaultId, master: writerKeys.master };

describe('keys', () => {
  test('a passphrase is the same key on every keyboard and machine', () => {
    const { passphrase, utf8, salt, N, key } = vectors.scrypt;
    expect(Buffer.from(passphrase.normalize('NFKC'), 'utf8').toString('hex')).toBe(utf8);
    expect(writer.passphraseKey(passphrase, bytes(salt), N).toString('hex')).toBe(key);
    // The engine's own derivation is behind the key header below, which has this very passphrase.
    expect(vectors.keyHeader.passphrase).toBe(passphrase);
  });

  test('a key header opens with its passphrase and with its recovery key, with no other', async () => {
    const { text, passphrase, recoveryBytes } = vectors.keyHeader;
    const header = Buffer.from(text, 'utf8');
    const open = async (secret: Parameters<typeof openKeyHeader>[1]) =>
      (await openKeyHeader(header, secret, 'keys/00000001.a'))?.toString('hex') ?? null;
    const { master } = vectors.keys;
    expect(await open({ kind: 'passphrase', passphrase })).toBe(master);
    expect(await open({ kind: 'passphrase', passphrase: `${passphrase}.` })).toBe(null);
    expect(await open({ kind: 'recovery-key', secret: bytes(recoveryBytes) })).toBe(master);
    expect(await open({ kind: 'recovery-key', secret: Buffer.alloc(20) })).toBe(null);
  });

  test('the emergency reader opens the same header', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-vectors-'));
    try {
      const marker = { format: 'holdfast-vault', version: 1, vaultId: vectors.keys.vaultId };
      writer.putFile(folder, 'holdfast-vault.json', JSON.stringify(marker));
      const { text, passphrase } = vectors.keyHeader;
      for (const copy of ['a', 'b']) writer.putFile(folder, `keys/00000001.${copy}`, text);
      const open = (secrets: Parameters<typeof runReader>[2]) =>
        runReader({ folder, passphrase }, ['list'], secrets).exitCode;
      expect(open({ HOLDFAST_PASSPHRASE: passphrase })).toBe(0);
      expect(open({ HOLDFAST_PASSPHRASE: `${passphrase}.` })).toBe(5);
      const recoveryKey = vectors.recoveryKey.pairs[0]?.text ?? '';
      expect(open({ HOLDFAST_RECOVERY_KEY: recoveryKey })).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('the recovery key on paper is the one that was printed', () => {
    for (const { bytes: secret, text } of vectors.recoveryKey.pairs) {
      expect(formatRecoveryKey(bytes(secret))).toBe(text);
      expect(writer.recoveryKeyText(bytes(secret))).toBe(text);
      expect(parseRecoveryKey(text).toString('hex')).toBe(secret);
    }
  });

  test.each(vectors.recoveryKey.typed)(
    'typed as $text it is the same',
    ({ bytes: secret, text }) => {
      expect(parseRecoveryKey(text).toString('hex')).toBe(secret);
    },
  );

  test.each(vectors.recoveryKey.mistyped)('$what is found in its group', ({ text, groups }) => {
    const failure = (() => {
      try {
        return parseRecoveryKey(text);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(BackupError);
    expect((failure as BackupError).failure).toMatchObject({
      code: 'recovery-key-mistyped',
      groups,
    });
  });

  test.each(vectors.objectKeys)('each $kind has the key of its id', ({ kind: of, id, key }) => {
    expect(deriveObjectKey(engineKeys, of, id).toString('hex')).toBe(key);
    expect(writer.objectKey(writerKeys, of, id).toString('hex')).toBe(key);
  });
});

describe('sealed objects', () => {
  test.each(vectors.frames)('a frame with codec $codec opens', (vector) => {
    const objectHeader = bytes(vector.objectHeader);
    expect(encodeObjectHeader(vector.kind, vector.id).equals(objectHeader)).toBe(true);
    expect(writer.objectHeader(vector.kind, vector.id).equals(objectHeader)).toBe(true);
    const key = { key: deriveObjectKey(engineKeys, vector.kind, vector.id), objectHeader };
    const frame = bytes(vector.frame);
    const header = decodeFrameHeader(frame, 'a frame');
    expect(header).toMatchObject({ codec: vector.codec, isLast: vector.isLast });
    const open = (counter: number) => openFrame(key, counter, header, frame, 'a frame');
    expect(open(vector.counter).toString('hex')).toBe(vector.content);
    expect(() => open(vector.counter + 1)).toThrow(BackupError);
  });

  test('what is sealed here and now has the same bytes', () => {
    const [vector] = vectors.frames;
    expect(vector?.codec).toBe('none');
    if (vector === undefined) return;
    const content = bytes(vector.content);
    const objectHeader = bytes(vector.objectHeader);
    const key = deriveObjectKey(engineKeys, vector.kind, vector.id);
    const header = decodeFrameHeader(bytes(vector.frame), 'a frame');
    const sealed = sealEngineFrame({ key, objectHeader }, vector.counter, header, content);
    expect(Buffer.concat(sealed).toString('hex')).toBe(vector.frame);
    const own = writer.sealFrame(key, objectHeader, vector.counter, { content }, vector.isLast);
    expect(own.toString('hex')).toBe(vector.frame);
  });

  test('a whole object opens', () => {
    const { kind: of, id, frames, bytes: text } = vectors.object;
    const opened = openObject(engineKeys, of, bytes(text), 'an object');
    expect(opened.id).toBe(id);
    expect(opened.frames.map((frame) => frame.toString('hex'))).toEqual(frames);
    const contents = frames.map((frame) => ({ content: bytes(frame) }));
    const own = writer.sealObject(writerKeys, of, id, [], () => contents);
    expect(own.bytes.toString('hex')).toBe(text);
  });
});

describe('page files', () => {
  test('a segment of a table says where its pages lie', () => {
    const { packs, entries, pageSize, bytes: text } = vectors.segment;
    const segment = decodePageSegment(bytes(text), packs, 'a table');
    const places = segment.runs.flatMap((run) =>
      Array.from({ length: run.count }, (_, k) =>
        run.pack === 0xffff
          ? [run.first + k, null, 0, 0]
          : [run.first + k, run.pack, run.frame, run.slot + k],
      ),
    );
    expect(places).toEqual(entries);
    const hashes = entries
      .filter(([, pack]) => pack !== null)
      .map(([page]) => hashPage(Buffer.alloc(pageSize, page)));
    expect(segment.hashes.equals(Buffer.concat(hashes))).toBe(true);
    expect(encodePageSegment(segment).toString('hex')).toBe(text);
    const own = entries.map(([page, pack, frame, slot]): writer.PageEntry => {
      const hash = writer.hashOf(Buffer.alloc(pageSize, page));
      return [page, pack === null ? null : { packId: String(pack), frame, slot, hash }];
    });
    expect(writer.encodeSegment(own, ['0', '1']).toString('hex')).toBe(text);
  });

  test.each(vectors.roots.cases)(
    'the digest of $pageCount pages of $pageSize bytes, $size in all',
    ({ root, ...size }) => {
      const pages = Array.from({ length: size.pageCount }, (_, n) =>
        Buffer.alloc(size.pageSize, n % 251),
      );
      pages.at(-1)?.fill(0, size.pageSize - (size.pageSize * size.pageCount - size.size));
      const digests: Buffer[] = [];
      for (let at = 0; at < pages.length; at += 4096) {
        digests.push(segmentDigest(Buffer.concat(pages.slice(at, at + 4096).map(hashPage))));
      }
      expect(rootDigest(size, Buffer.concat(digests))).toBe(root);
      expect(writer.rootOf(size.pageSize, size.size, pages)).toBe(root);
    },
  );
});

test('a catalogue names the points by the beginning of their ids', () => {
  const { points, bytes: text } = vectors.catalogue;
  const entries = points.map(({ epoch, counter, id }) => ({
    epoch,
    counter,
    idPrefix: id.slice(0, 8),
  }));
  expect(decodeCatalogue(bytes(text), 'a catalogue')).toEqual(entries);
  expect(encodeCatalogue(entries.toReversed()).toString('hex')).toBe(text);
  expect(writer.encodeCatalogue(points.toReversed()).toString('hex')).toBe(text);
});
