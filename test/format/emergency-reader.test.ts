/**
 * The emergency reader against vaults that an independent writer made from FORMAT.md: it gives back every byte, opens with
 * either key, names all damage, and a hostile vault makes it touch nothing outside of the folder it was given.
 */
import {
  cpSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readerPath, readTree, runReader, runScript } from '../support/emergency-reader.ts';
import {
  digestTree,
  fileEntry,
  listSource,
  manifestBody,
  pageSource,
  publishLease,
  publishNote,
  publishPoint,
  sampleLists,
  samplePacks,
  sampleSources,
  sampleTables,
  writeEmptyVault,
  writeSampleVault,
  type PointInput,
  type SamplePoint,
  type SampleVault,
} from '../support/format-sample.ts';
import {
  bytesOf,
  hashOf,
  hex8,
  idOf,
  jsonFrames,
  keyHeaderText,
  littleEndian,
  pointName,
  putFile,
  putObject,
  sealJson,
  sealList,
  sealManifest,
  sealObject,
  sealPack,
  sealTable,
  sha256,
  type FrameToSeal,
  type ListEntry,
} from '../support/format-writer.ts';

const seed = process.env['HOLDFAST_SEED'] ?? '1';
const isDeep = process.env['HOLDFAST_DEEP'] === '1';

let master: string;
let sample: SampleVault;
let root: string;
let vault: SampleVault;
let target: string;

beforeAll(() => {
  master = mkdtempSync(join(tmpdir(), 'holdfast-reader-master-'));
  sample = writeSampleVault(master);
});
afterAll(() => rmSync(master, { recursive: true, force: true }));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-reader-'));
  vault = { ...sample, folder: join(root, 'vault') };
  target = join(root, 'target');
  cpSync(master, vault.folder, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const inVault = (name: string): string => join(vault.folder, name);
const packFile = (id: string): string => inVault(`packs/${id.slice(0, 2)}/${id}`);
const tableFile = (id: string, copy: string): string =>
  inVault(`tables/${id.slice(0, 2)}/${id}.${copy}`);
const manifestFile = (point: SamplePoint, copy: string): string =>
  inVault(`points/${pointName(point)}.${copy}`);

function flipByte(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  writeFileSync(file, bytes);
}

/** Flips a byte of a frame's sealed content, away from header and trailer. */
const damageContent = (file: string, at = 60): void => flipByte(file, at);

const restore = (point: string, ...more: string[]) =>
  runReader(vault, ['restore', point, target, ...more]);
const restored = () => digestTree(readTree(target));

describe('a whole vault', () => {
  test.each(['full', 'increment', 'merged'] as const)(
    '%s point comes back byte by byte',
    (which) => {
      const { id, tree } = vault[which];
      expect(restore(id)).toMatchObject({ exitCode: 0, errors: '' });
      expect(restored()).toEqual(digestTree(tree));
      expect(statSync(join(target, 'crm.db/crm.db')).mode & 0o777).toBe(0o640);
      expect(statSync(join(target, 'attachments/a.txt')).mtimeMs).toBe(1_763_600_000_000);
    },
  );

  test('latest is the point with the highest epoch and counter, not with the latest clock', () => {
    expect(restore('latest').output).toContain(vault.merged.id);
    expect(restored()).toEqual(digestTree(vault.merged.tree));
  });

  test('list shows every point, oldest first', () => {
    const { exitCode, output } = runReader(vault, ['list']);
    expect(exitCode).toBe(0);
    const lines = output.split('\n').slice(1, 4);
    expect(lines.map((line) => line.slice(0, 12))).toEqual(
      [vault.full, vault.increment, vault.merged].map(({ id }) => id.slice(0, 12)),
    );
    expect(lines[0]).toContain('2025-11-21 06:40 Europe/Berlin  full  crm.db (2.4 MiB)');
  });

  test('check reads it all, finds nothing and changes nothing', () => {
    const before = digestTree(readTree(vault.folder));
    expect(runReader(vault, ['check'])).toMatchObject({ exitCode: 0, errors: '' });
    expect(digestTree(readTree(vault.folder))).toEqual(before);
  });

  test('the script finds the vault that it lies in, from any folder', () => {
    copyFileSync(readerPath, inVault('restore.mjs'));
    const secrets = { HOLDFAST_PASSPHRASE: vault.passphrase };
    expect(runScript(inVault('restore.mjs'), ['list'], secrets)).toMatchObject({ exitCode: 0 });
  });

  test('one file and one folder come back alone', () => {
    expect(restore('latest', '--only', 'odd.mdb/data/odd.mdb').exitCode).toBe(0);
    expect(Object.keys(restored())).toEqual(['odd.mdb', 'odd.mdb/data', 'odd.mdb/data/odd.mdb']);
    rmSync(target, { recursive: true });
    expect(restore('latest', '--only', 'attachments/new/').exitCode).toBe(0);
    expect(Object.keys(restored())).toEqual([
      'attachments',
      'attachments/new',
      'attachments/new/b.bin',
    ]);
    expect(restore('latest', '--only', 'nothing.db')).toMatchObject({ exitCode: 2 });
  });

  test('an empty database and one of nothing but zeros come back, with and without tables', () => {
    const zeros = Array.from({ length: 3 }, () => Buffer.alloc(1024));
    const [empty, blank] = [idOf('table empty'), idOf('table blank')];
    const entries = zeros.map((_, page) => [page, null] as const);
    const base = { kind: 'base' } as const;
    putObject(vault.folder, 'table', empty, sealTable(vault.keys, empty, [], base).bytes);
    putObject(vault.folder, 'table', blank, sealTable(vault.keys, blank, entries, base).bytes);
    const point = { epoch: 2, counter: 2, id: idOf('point of nothing') };
    publishPoint(vault, {
      ...point,
      kind: 'full',
      sources: [
        pageSource(idOf('source e'), 'empty.db', 'empty.db', 4096, 0, [], [empty]),
        pageSource(idOf('source b'), 'blank.db', 'blank.db', 1024, 3072, zeros, [blank]),
      ],
      packs: [],
      tables: [empty, blank],
      lists: [],
      catalogue: [],
    });
    const right = { 'empty.db/empty.db': Buffer.alloc(0), 'blank.db/blank.db': Buffer.alloc(3072) };
    for (const prepare of [() => {}, () => rmSync(inVault('tables'), { recursive: true })]) {
      prepare();
      rmSync(target, { recursive: true, force: true });
      expect(restore(point.id).exitCode).toBe(0);
      expect(restored()).toMatchObject(digestTree(new Map(Object.entries(right))));
    }
  });

  test('wrong usage is told apart', () => {
    const wrong = [[], ['lsit'], ['list', 'x'], ['restore', 'latest'], ['list', '--force']];
    for (const args of wrong) {
      expect([args, runReader(vault, args).exitCode]).toEqual([args, 2]);
    }
    expect(restore('ffffffff')).toMatchObject({ exitCode: 2 });
    expect(runReader({ ...vault, folder: root }, ['list'])).toMatchObject({ exitCode: 1 });
  });

  test('an older Node is told which one is needed, before any passphrase', () => {
    const older = 'import zlib from "node:zlib"; delete zlib.zstdDecompressSync';
    const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(older)}`];
    const { exitCode, errors } = runReader(vault, ['list'], {}, nodeArgs);
    expect(exitCode).toBe(1);
    expect(errors).toContain('needs Node.js 22.15 or newer');
    expect(errors).not.toContain('HOLDFAST_PASSPHRASE');
  });
});

describe('keys', () => {
  const open = (secrets: Parameters<typeof runReader>[2]) => runReader(vault, ['list'], secrets);

  test('the recovery key opens the vault, however it is typed', () => {
    const { recoveryKey } = vault;
    const typed = [
      recoveryKey,
      ` ${recoveryKey.toLowerCase().replaceAll('-', ' ')} `,
      recoveryKey.replaceAll('-', '').replaceAll('0', 'o').replaceAll('1', 'l'),
      recoveryKey.replaceAll('1', 'I').replaceAll('-', '\u2013'),
    ];
    for (const text of typed) {
      expect([text, open({ HOLDFAST_RECOVERY_KEY: text }).exitCode]).toEqual([text, 0]);
    }
  });

  test('a mistyped recovery key names its group', () => {
    const groups = vault.recoveryKey.split('-');
    const fourth = groups[3] ?? '';
    groups[3] = (fourth.startsWith('A') ? 'B' : 'A') + fourth.slice(1);
    const { exitCode, errors } = open({ HOLDFAST_RECOVERY_KEY: groups.join('-') });
    expect(exitCode).toBe(5);
    expect(errors).toContain('group 4 of 8');
  });

  test('groups in the wrong order are mistyped too', () => {
    const [first = '', second = '', ...rest] = vault.recoveryKey.split('-');
    const { errors } = open({ HOLDFAST_RECOVERY_KEY: [second, first, ...rest].join('-') });
    expect(errors).toContain('group 1 of 8');
  });

  test('a wrong passphrase, a wrong recovery key and none at all open nothing', () => {
    const other = writeEmptyVault(join(root, 'other'), 'other').recoveryKey;
    expect(open({ HOLDFAST_PASSPHRASE: `${vault.passphrase} ` }).exitCode).toBe(5);
    expect(open({ HOLDFAST_RECOVERY_KEY: other }).exitCode).toBe(5);
    expect(open({ HOLDFAST_RECOVERY_KEY: 'no key' }).exitCode).toBe(5);
    expect(open({}).exitCode).toBe(5);
  });

  test('the passphrase counts by its letters, not by how the keyboard composed them', () => {
    expect(open({ HOLDFAST_PASSPHRASE: vault.passphrase.normalize('NFD') }).exitCode).toBe(0);
  });

  test('after a change of passphrase the new one opens, with one good copy', () => {
    const input = { generation: 2, passphrase: 'new', recoveryBytes: bytesOf('another', 20) };
    const text = keyHeaderText(vault.keys, input);
    putFile(vault.folder, 'keys/00000002.a', text.replace('scrypt', 'scrypd'));
    putFile(vault.folder, 'keys/00000002.b', text);
    const { exitCode, errors } = open({ HOLDFAST_PASSPHRASE: 'new' });
    expect(exitCode).toBe(0);
    expect(errors).toContain('keys/00000002.a: is damaged');
  });

  test('key headers that are damaged or forged say so instead of "wrong passphrase"', () => {
    const [line1 = '', line2 = '', line3 = ''] = readFileSync(
      inVault('keys/00000001.a'),
      'utf8',
    ).split('\n');
    const forged = `${line1}\n${line2}\n${line3.replace(/^./, (c) => (c === '0' ? '1' : '0'))}\n`;
    for (const text of [forged, `${line1}\n`, '', '\0'.repeat(500)]) {
      putFile(vault.folder, 'keys/00000001.a', text);
      putFile(vault.folder, 'keys/00000001.b', text);
      expect([text, open({ HOLDFAST_PASSPHRASE: vault.passphrase }).exitCode]).toEqual([text, 6]);
    }
  });

  test('a newer format is refused by its version', () => {
    putFile(
      vault.folder,
      'holdfast-vault.json',
      '{"format":"holdfast-vault","version":2,"vaultId":""}',
    );
    const { exitCode, errors } = runReader(vault, ['list']);
    expect(exitCode).toBe(6);
    expect(errors).toContain('version 2');
  });
});

describe('which points exist', () => {
  function copyPoint(
    from: SamplePoint,
    epoch: number,
    counter: number,
    catalogue: readonly SamplePoint[] = [],
    planId: string | null = null,
  ): SamplePoint {
    const copy = { ...from, epoch, counter, id: idOf(`copy ${epoch} ${counter}`) };
    const input = {
      ...copy,
      kind: 'full',
      sources: [listSource(sampleSources.folder, 'attachments', [sampleLists.base])],
      packs: [samplePacks.full],
      tables: [],
      lists: [sampleLists.base],
      catalogue,
    } as const;
    publishPoint(vault, input, (body) => ({ ...body, planId }));
    return copy;
  }
  const listed = () => runReader(vault, ['list']);

  test('latest is not what was kept before a restore; that is marked, named, and comes back by its id', () => {
    const byHand = copyPoint(vault.full, 2, 2);
    expect(restore('latest').output).toContain(byHand.id);
    const planned = copyPoint(vault.full, 2, 3, [], idOf('plan'));
    const kept = copyPoint(vault.full, 2, 4);
    rmSync(target, { recursive: true });
    const { exitCode, output } = restore('latest');
    expect(exitCode).toBe(0);
    expect(output).toContain(planned.id);
    expect(output).toMatch(new RegExp(`Not this one: ${kept.id.slice(0, 12)}`));
    const marked = listed()
      .output.split('\n')
      .filter((line) => line.includes('kept before'));
    expect(marked.map((line) => line.slice(0, 12))).toEqual([kept.id.slice(0, 12)]);
    const asked = runReader(vault, ['restore', kept.id, join(root, 'kept')]);
    expect(asked).toMatchObject({ exitCode: 0, output: expect.stringContaining(kept.id) });
  });

  test('a late point is never the latest; it comes back only when asked for by its id', () => {
    const late = copyPoint(vault.full, 1, 9);
    publishLease(vault, 3, [vault.full, vault.increment, vault.merged]);
    rmSync(inVault(`leases/${hex8(2)}`));
    expect(listed().output).toMatch(new RegExp(`${late.id.slice(0, 12)}.*never confirmed`));
    expect(restore('latest').output).toContain(vault.merged.id);
    const asked = runReader(vault, ['restore', late.id, join(root, 'late')]);
    expect(asked.errors).toContain('never confirmed');
    expect(existsSync(join(root, 'late/a.txt'))).toBe(true);
  });

  test('a late point of the newest epoch but one is adopted by a note', () => {
    const late = copyPoint(vault.full, 1, 9);
    publishNote(vault, 'adopt', { points: [pointName(late)] });
    expect(listed().output).not.toContain('never confirmed');
  });

  test('a point that the newest lease did not accept is late, with an unreadable lease the one before counts', () => {
    publishLease(vault, 5, [vault.full]);
    expect(listed().output.match(/never confirmed/g)).toHaveLength(2);
    damageContent(inVault(`leases/${hex8(5)}`));
    const { output, errors } = listed();
    expect(output).not.toContain('never confirmed');
    expect(errors).toContain(`leases/${hex8(5)}`);
  });

  test('without any readable lease every authentic point counts', () => {
    rmSync(inVault('leases'), { recursive: true });
    expect(listed()).toMatchObject({ exitCode: 0, errors: '' });
  });

  test('a forgotten point is gone even while its manifest is still there, and is not missed', () => {
    publishNote(vault, 'forget', { points: [pointName(vault.merged)], reasons: {} });
    expect(restore('latest').output).toContain(vault.increment.id);
    expect(restore(vault.merged.id).exitCode).toBe(2);
    rmSync(manifestFile(vault.merged, 'a'));
    rmSync(manifestFile(vault.merged, 'b'));
    expect(listed()).toMatchObject({ exitCode: 0, errors: '' });
  });

  test('a point that a later lease still named is not forgotten by a note from before it', () => {
    publishLease(vault, 3, [vault.full, vault.increment, vault.merged]);
    publishNote(vault, 'forget', { points: [pointName(vault.increment)], reasons: {} });
    expect(listed()).toMatchObject({ exitCode: 0, errors: '' });
    expect(restore(vault.increment.id).exitCode).toBe(0);
    expect(restored()).toEqual(digestTree(vault.increment.tree));
  });

  test('a vanished point is reported, by the catalogue and by the lease', () => {
    rmSync(manifestFile(vault.increment, 'a'));
    rmSync(manifestFile(vault.increment, 'b'));
    const name = pointName(vault.increment).slice(0, 26);
    expect(listed()).toMatchObject({ exitCode: 6 });
    expect(listed().errors).toContain(name);
    publishNote(vault, 'forget', { points: [pointName(vault.merged)] });
    expect(listed().errors).toContain(name);
    publishNote(vault, 'forget', { points: [pointName(vault.increment)] }, 2);
    expect(listed()).toMatchObject({ exitCode: 0, errors: '' });
  });

  test('a point of this very epoch that vanished is reported by the next one’s catalogue', () => {
    const { id } = copyPoint(vault.full, 2, 2, [vault.full, vault.increment, vault.merged]);
    expect(listed()).toMatchObject({ exitCode: 0, errors: '' });
    rmSync(manifestFile(vault.merged, 'a'));
    rmSync(manifestFile(vault.merged, 'b'));
    const { exitCode, output, errors } = listed();
    expect(exitCode).toBe(6);
    expect(output).toContain(id.slice(0, 12));
    expect(errors).toContain(pointName(vault.merged).slice(0, 26));
  });

  test('a newer point that is damaged makes "latest" say so', () => {
    damageContent(manifestFile(vault.merged, 'a'));
    damageContent(manifestFile(vault.merged, 'b'));
    const { exitCode, output } = restore('latest');
    expect(exitCode).toBe(6);
    expect(output).toContain('A NEWER ONE IS DAMAGED');
    expect(restored()).toEqual(digestTree(vault.increment.tree));
    expect(restore(vault.merged.id)).toMatchObject({ exitCode: 6 });
  });
});

describe('damage', () => {
  const names = () =>
    [...readTree(vault.folder)].filter(([, c]) => c !== null).map(([name]) => name);
  const kinds = ['flip', 'cut', 'empty', 'remove'] as const;

  /** What nothing in the vault tells when it is gone. */
  const mayVanish = (name: string): boolean => name.startsWith('leases/');

  function damage(name: string, kind: (typeof kinds)[number], draw: number): void {
    const { size } = statSync(inVault(name));
    if (kind === 'flip') flipByte(inVault(name), draw % size);
    else if (kind === 'cut') truncateSync(inVault(name), draw % size);
    else if (kind === 'empty') truncateSync(inVault(name), 0);
    else rmSync(inVault(name));
  }

  test('of every kind to every object is found and named, and no wrong byte gets a right name', () => {
    const cases = names().flatMap((name) => kinds.map((kind) => ({ name, kind })));
    const draw = (label: string): number => bytesOf(`${seed} ${label}`, 4).readUInt32LE(0);
    const chosen = isDeep
      ? cases
      : cases.toSorted((a, b) => draw(a.name + a.kind) - draw(b.name + b.kind)).slice(0, 8);
    for (const { name, kind } of chosen) {
      rmSync(vault.folder, { recursive: true });
      cpSync(master, vault.folder, { recursive: true });
      damage(name, kind, draw(`${name} ${kind} where`));
      const what = `${kind} ${name}, seed ${seed}`;
      const { exitCode, errors } = runReader(vault, ['check']);
      if (!(kind === 'remove' && mayVanish(name))) {
        expect([what, exitCode]).toEqual([what, 6]);
        expect([what, errors]).toEqual([
          what,
          expect.stringContaining(name.replace(/\.[ab]$/, '')),
        ]);
      }
      for (const point of [vault.full, vault.increment, vault.merged]) {
        rmSync(target, { recursive: true, force: true });
        const result = restore(point.id);
        const right = digestTree(point.tree);
        const got = existsSync(target) ? Object.entries(restored()) : [];
        const wrong = got.filter(([path, is]) => !path.endsWith('.damaged') && right[path] !== is);
        expect([what, wrong]).toEqual([what, []]);
        const isWhole =
          got.length === Object.keys(right).length && !got.some(([p]) => p.endsWith('.damaged'));
        expect([what, result.exitCode]).toEqual([what, isWhole ? 0 : 6]);
      }
    }
  });

  test('to one copy of tables, lists and manifests costs nothing: the other one serves', () => {
    const firsts = names().filter((name) => /^(tables|lists|points|keys)\/.*\.a$/.test(name));
    expect(firsts).toHaveLength(10);
    for (const name of firsts) damageContent(inVault(name));
    const { exitCode, errors } = restore('latest');
    expect(exitCode).toBe(0);
    expect(restored()).toEqual(digestTree(vault.merged.tree));
    expect(errors).toContain(tableFile(sampleTables.crmMerged, 'a').slice(vault.folder.length + 1));
  });

  test('to different frames of both copies costs nothing either', () => {
    const id = sampleTables.crmMerged;
    const bytes = readFileSync(tableFile(id, 'a'));
    const second = 32 + 28 + bytes.readUInt32LE(32);
    flipByte(tableFile(id, 'a'), 32 + 20);
    flipByte(tableFile(id, 'b'), second + 20);
    expect(restore('latest').exitCode).toBe(0);
    expect(restored()).toEqual(digestTree(vault.merged.tree));
  });

  test('all tables lost: they are made anew from the packs, for every point', () => {
    rmSync(inVault('tables'), { recursive: true });
    for (const { id, tree } of [vault.full, vault.increment, vault.merged]) {
      rmSync(target, { recursive: true, force: true });
      const { exitCode, errors } = restore(id);
      expect(exitCode).toBe(0);
      expect(errors).toContain('made anew from the packs');
      expect(restored()).toEqual(digestTree(tree));
    }
    expect(runReader(vault, ['check'])).toMatchObject({ exitCode: 6 });
  });

  test('a table that lies about a page is caught by the digest', () => {
    const page = bytesOf('another page', 512);
    const entries = [
      [3, { packId: samplePacks.full, frame: 0, slot: 4, hash: hashOf(page) }],
    ] as const;
    const lie = sealTable(vault.keys, sampleTables.crmDelta, entries, {
      kind: 'delta',
      entries: 9,
    });
    putObject(vault.folder, 'table', sampleTables.crmDelta, lie.bytes);
    const { exitCode, errors } = restore(vault.increment.id);
    expect(errors).toContain('the digest is not the one');
    expect(exitCode).toBe(0);
    expect(restored()).toEqual(digestTree(vault.increment.tree));
  });

  test('a frame that is lost costs its pages; the rest is kept under another name', () => {
    const bytes = readFileSync(packFile(samplePacks.full));
    const second = 32 + 28 + bytes.readUInt32LE(32);
    flipByte(packFile(samplePacks.full), second + 50);
    const { exitCode, errors } = restore(vault.full.id);
    expect(exitCode).toBe(6);
    expect(errors).toContain('crm.db/crm.db: 900 of its 5000 pages are lost');
    const tree = readTree(target);
    expect(tree.has('crm.db/crm.db')).toBe(false);
    const kept = tree.get('crm.db/crm.db.damaged') as Buffer;
    const right = vault.full.tree.get('crm.db/crm.db') as Buffer;
    expect(kept.length).toBe(right.length);
    expect(kept.subarray(0, 900 * 512).equals(right.subarray(0, 900 * 512))).toBe(true);
    expect(kept.subarray(2000 * 512).equals(right.subarray(2000 * 512))).toBe(true);
    expect(kept.subarray(1000 * 512, 1800 * 512).every((byte) => byte === 0)).toBe(true);
    expect(digestTree(tree)).toMatchObject({
      'attachments/a.txt': digestTree(vault.full.tree)['attachments/a.txt'],
    });
    const check = runReader(vault, ['check']);
    expect(check.output.match(/^DAMAGED/gm)).toHaveLength(3);
  });

  test('a pack without its end still gives every page and chunk that is in it', () => {
    const { size } = statSync(packFile(samplePacks.increment));
    truncateSync(packFile(samplePacks.increment), size - 30);
    expect(restore('latest').exitCode).toBe(0);
    expect(restored()).toEqual(digestTree(vault.merged.tree));
  });

  describe('healed by a replaced note', () => {
    const healed = idOf('pack healed');
    function replace(pages: (page: Buffer, index: number) => Buffer): void {
      const database = vault.full.tree.get('crm.db/crm.db') as Buffer;
      const slots = Array.from({ length: 900 }, (_, slot) => slot);
      // The first frame of the database holds pages 0 to 99 and 150 to 949: between them are zeros.
      const numbers = slots.map((slot) => (slot < 100 ? slot : slot + 50));
      const copies = numbers.map((n, index) =>
        pages(database.subarray(n * 512, n * 512 + 512), index),
      );
      const file = { source: sampleSources.crm, path: 'crm.db', pageSize: 512 };
      const frames = [
        { kind: 'chunks', codec: 'none', chunks: [bytesOf('x', 9)] },
        {
          kind: 'pages',
          file: 0,
          codec: 'zstd',
          runs: numbers.map((n) => [n, 1]),
          pages: copies.toReversed(),
        },
      ] as const;
      putObject(
        vault.folder,
        'pack',
        healed,
        sealPack(vault.keys, healed, [file], frames as never).bytes,
      );
      publishNote(vault, 'replace', {
        from: samplePacks.full,
        to: healed,
        slots: slots.map((slot) => [0, slot, 1, 899 - slot]),
      });
      damageContent(packFile(samplePacks.full));
    }

    test('lost pages come from where they lie too', () => {
      replace((page) => page);
      expect(restore(vault.full.id).exitCode).toBe(0);
      expect(restored()).toEqual(digestTree(vault.full.tree));
      const check = runReader(vault, ['check']);
      expect(check.exitCode).toBe(6);
      expect(check.output).toContain('every restore point can still be restored');
    });

    test('a replacement with another content is not believed', () => {
      replace((page, index) => (index === 5 ? bytesOf('lie', 512) : page));
      const { exitCode, errors } = restore(vault.full.id);
      expect(exitCode).toBe(6);
      expect(errors).toContain('1 of its 5000 pages are lost');
    });

    test('a replacement that was lost too is replaced in turn, and a circle ends', () => {
      // Slot 899 of the lost frame lies at slot 0 of the healing pack, which lies.
      replace((page, index) => (index === 899 ? bytesOf('lie', 512) : page));
      publishNote(
        vault,
        'replace',
        { from: healed, to: samplePacks.full, slots: [[1, 0, 0, 899]] },
        2,
      );
      expect(restore(vault.full.id).errors).toContain('1 of its 5000 pages are lost');
      rmSync(target, { recursive: true });
      const database = vault.full.tree.get('crm.db/crm.db') as Buffer;
      const again = idOf('pack healed again');
      const page = database.subarray(949 * 512, 950 * 512);
      const file = { source: sampleSources.crm, path: 'crm.db', pageSize: 512 };
      const frame = {
        kind: 'pages',
        file: 0,
        codec: 'none',
        runs: [[949, 1]],
        pages: [page],
      } as const;
      putObject(vault.folder, 'pack', again, sealPack(vault.keys, again, [file], [frame]).bytes);
      publishNote(vault, 'replace', { from: healed, to: again, slots: [[1, 0, 0, 0]] }, 3);
      expect(restore(vault.full.id).exitCode).toBe(0);
      expect(restored()).toEqual(digestTree(vault.full.tree));
    });
  });

  test('a list that is lost does not cost the other sources', () => {
    for (const copy of ['a', 'b'])
      damageContent(inVault(`lists/${sampleLists.delta.slice(0, 2)}/${sampleLists.delta}.${copy}`));
    const { exitCode } = restore('latest');
    expect(exitCode).toBe(6);
    expect(restored()).toMatchObject({
      'crm.db/crm.db': digestTree(vault.merged.tree)['crm.db/crm.db'],
    });
    // The older version in the base must not pass for the newer one.
    expect(existsSync(join(target, 'attachments/a.txt'))).toBe(false);
  });

  test('an object under another one’s name is not believed', () => {
    copyFileSync(manifestFile(vault.full, 'a'), manifestFile(vault.merged, 'a'));
    copyFileSync(manifestFile(vault.full, 'a'), manifestFile(vault.merged, 'b'));
    expect(restore(vault.merged.id).exitCode).toBe(6);
    rmSync(target, { recursive: true, force: true });
    const other = { ...vault.increment, counter: 7 };
    renameSync(manifestFile(vault.increment, 'a'), manifestFile(other, 'a'));
    expect(runReader(vault, ['list']).errors).toContain('is not the point of its name');
  });

  test('frames that changed places are not believed', () => {
    const file = packFile(samplePacks.full);
    const bytes = readFileSync(file);
    const sizes = [0, 1, 2, 3].reduce<number[]>(
      (at) => {
        const last = at.at(-1) ?? 32;
        return [...at, last + 28 + bytes.readUInt32LE(last)];
      },
      [32],
    );
    const [first = 0, second = 0, third = 0] = sizes;
    const swapped = Buffer.concat([
      bytes.subarray(0, first),
      bytes.subarray(second, third),
      bytes.subarray(first, second),
      bytes.subarray(third),
    ]);
    writeFileSync(file, swapped);
    expect(restore(vault.full.id).errors).toContain('not authentic');
  });

  test('a trailer that points elsewhere is damage', () => {
    const file = manifestFile(vault.full, 'a');
    const bytes = readFileSync(file);
    const secondFrame = 32 + 28 + bytes.readUInt32LE(32);
    bytes.writeUInt32LE(secondFrame, bytes.length - 24);
    bytes.writeUInt32LE(1, bytes.length - 16);
    writeFileSync(file, bytes);
    writeFileSync(manifestFile(vault.full, 'b'), bytes);
    const { exitCode, errors } = runReader(vault, ['list']);
    expect(exitCode).toBe(6);
    expect(errors).toContain('has a wrong trailer');
  });
});

describe('what is there already', () => {
  test('is never overwritten, and said', () => {
    const mine = join(target, 'crm.db/crm.db');
    mkdirSync(join(target, 'crm.db'), { recursive: true });
    writeFileSync(mine, 'mine');
    putFile(target, 'attachments/a.txt', 'mine too');
    const { exitCode, errors } = restore('latest');
    expect(exitCode).toBe(1);
    expect(errors).toContain(`${mine} is there already`);
    expect(readFileSync(mine, 'utf8')).toBe('mine');
    expect(readFileSync(join(target, 'attachments/a.txt'), 'utf8')).toBe('mine too');
    expect(existsSync(join(target, 'odd.mdb/data/odd.mdb'))).toBe(true);
  });

  test('a journal of another database is not played into the restored one', () => {
    putFile(target, 'crm.db/crm.db-wal', 'frames of another database');
    const { exitCode, errors } = restore('latest');
    expect(exitCode).toBe(1);
    expect(errors).toContain('crm.db-wal belongs to another database');
    expect(existsSync(join(target, 'crm.db/crm.db'))).toBe(false);
  });

  test('a link in the target folder is not followed', () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    mkdirSync(target);
    symlinkSync(outside, join(target, 'attachments'));
    expect(restore('latest').exitCode).toBe(1);
    expect([...readTree(outside)]).toEqual([]);
    expect(existsSync(join(target, 'crm.db/crm.db'))).toBe(true);
  });

  test('the vault itself is no target', () => {
    const before = digestTree(readTree(vault.folder));
    expect(runReader(vault, ['restore', 'latest', inVault('new/folder')]).exitCode).toBe(2);
    expect(runReader(vault, ['restore', 'latest', vault.folder]).exitCode).toBe(2);
    expect(digestTree(readTree(vault.folder))).toEqual(before);
  });
});

describe('a hostile vault harms nothing', () => {
  const point = { epoch: 2, counter: 9, id: idOf('hostile') };
  const packId = idOf('hostile pack');
  const listId = idOf('hostile list');
  const tableId = idOf('hostile table');
  const content = Buffer.alloc(100, 'what is in the file; ');
  const chunk = { packId, frame: 0, offset: 0, bytes: content };
  const good = fileEntry('good.txt', [chunk]);

  /** Everything beside the target: must be the same before and after. */
  const surroundings = () =>
    Object.entries(digestTree(readTree(root))).filter(([path]) => !/^target(\/|$)/.test(path));

  /** Publishes a point with this list, restores it, and proves that nothing outside changed. */
  function restoreHostile(
    input: Partial<PointInput>,
    change?: (body: Record<string, unknown>) => unknown,
    more: string[] = [],
  ) {
    putObject(
      vault.folder,
      'pack',
      packId,
      sealPack(vault.keys, packId, [], [{ kind: 'chunks', codec: 'none', chunks: [content] }])
        .bytes,
    );
    const defaults: PointInput = {
      ...point,
      kind: 'full',
      sources: [listSource(sampleSources.folder, 'attachments', [listId])],
      packs: [packId],
      tables: [],
      lists: [listId],
      catalogue: [],
    };
    publishPoint(vault, { ...defaults, ...input }, change);
    putFile(root, 'neighbour/secret.txt', 'secret');
    const before = surroundings();
    const result = restore(point.id, ...more);
    expect(surroundings()).toEqual(before);
    expect(existsSync('/holdfast-hostile.txt')).toBe(false);
    return result;
  }
  const putList = (entries: readonly ListEntry[]): void =>
    putObject(vault.folder, 'list', listId, sealList(vault.keys, listId, entries, 2).bytes);

  test.each([
    '../neighbour/new.txt',
    'sub/../../neighbour/new.txt',
    '..',
    '/holdfast-hostile.txt',
    'C:/holdfast-hostile.txt',
    'a//b',
    './a',
    'a/.',
    'nul\0byte',
    '',
  ])('the path %j of a file is refused, the file beside it is restored', (path) => {
    putList([fileEntry(path, [chunk]), good]);
    const { exitCode, errors } = restoreHostile({});
    expect(exitCode).toBe(6);
    expect(errors).toContain('leads out of the folder');
    expect(Object.keys(restored())).toEqual(['good.txt']);
  });

  test.each(['../neighbour/new.db', '/holdfast-hostile.txt', 'C:/new.db', 'a/../../new.db'])(
    'the path %j of a database is refused',
    (path) => {
      const page = bytesOf('page', 512);
      const entries = [[0, { packId, frame: 0, slot: 0, hash: hashOf(page) }]] as const;
      putObject(
        vault.folder,
        'table',
        tableId,
        sealTable(vault.keys, tableId, entries, { kind: 'base' }).bytes,
      );
      const source = pageSource(sampleSources.crm, 'crm.db', path, 512, 512, [page], [tableId]);
      const { exitCode, errors } = restoreHostile({ sources: [source], tables: [tableId] });
      expect(exitCode).toBe(6);
      expect(errors).toContain('leads out of the folder');
      expect(restored()).toEqual({});
    },
  );

  test('a source named to lead out gets a folder named by its id', () => {
    putList([good]);
    const names = ['../neighbour', '/', '..', 'a/b'];
    const sources = names.map((name, index) => listSource(idOf(`source ${index}`), name, [listId]));
    expect(restoreHostile({ sources }).exitCode).toBe(0);
    expect(Object.keys(restored()).filter((path) => !path.includes('/'))).toEqual(
      names.map((_, index) => idOf(`source ${index}`)).sort(),
    );
  });

  test.each(['/etc', '../neighbour', 'sub/../../neighbour', 'sub/..', '..', ''])(
    'a link to %j is not made, and no file goes through it',
    (to) => {
      putList([
        good,
        { kind: 'link', path: 'link', target: to },
        fileEntry('link/new.txt', [chunk]),
      ]);
      const { exitCode, errors } = restoreHostile({});
      expect(exitCode).toBe(1);
      expect(errors).toMatch(/link: .*leads out of the folder/);
      expect(restored()).toMatchObject({ link: 'folder' });
      expect(existsSync(join(target, 'link/new.txt'))).toBe(true);
    },
  );

  test('a link inside is made, a file that claims to lie behind it keeps to a real folder', () => {
    putList([
      { kind: 'folder', path: 'sub', mode: 0o755, mtimeMs: 0 },
      { kind: 'link', path: 'sub/file', target: '../good.txt' },
      { kind: 'link', path: 'sub/up', target: '..' },
      good,
    ]);
    expect(restoreHostile({}).exitCode).toBe(0);
    expect(restored()).toMatchObject({ 'sub/file': '-> ../good.txt', 'sub/up': '-> ..' });
  });

  test('a file that claims to lie behind a link inside gets a folder, and the link is left out', () => {
    putList([
      { kind: 'folder', path: 'real', mode: 0o755, mtimeMs: 0 },
      { kind: 'link', path: 'via', target: 'real' },
      fileEntry('via/new.txt', [chunk]),
    ]);
    expect(restoreHostile({}).exitCode).toBe(1);
    expect(restored()).toMatchObject({ real: 'folder', via: 'folder' });
    expect(existsSync(join(target, 'real/new.txt'))).toBe(false);
    expect(existsSync(join(target, 'via/new.txt'))).toBe(true);
  });

  test('names that Windows reserves get others there', () => {
    const names = [
      'aux.txt',
      'COM1',
      'a:b',
      'trailing. ',
      'q?',
      'back\\slash',
      'con/x',
      'nul .tar',
    ];
    putList(names.map((path) => fileEntry(path, [chunk])));
    expect(restoreHostile({}, undefined, ['--windows-names']).exitCode).toBe(0);
    expect(Object.keys(restored()).sort()).toEqual(
      [
        '_COM1',
        '_aux.txt',
        '_con',
        '_con/x',
        '_nul .tar',
        'a_b',
        'back_slash',
        'q_',
        'trailing._',
      ].sort(),
    );
  });

  test('a file whose chunks are not its size, and chunks outside of their frame, are damage', () => {
    putList([
      good,
      { ...fileEntry('outside.txt', [{ ...chunk, offset: 90 }]) },
      { ...fileEntry('no-frame.txt', [{ ...chunk, frame: 7 }]) },
    ]);
    expect(restoreHostile({}).exitCode).toBe(6);
    expect(existsSync(join(target, 'good.txt'))).toBe(true);
    expect(existsSync(join(target, 'outside.txt'))).toBe(false);
    expect(existsSync(join(target, 'outside.txt.damaged'))).toBe(true);
    rmSync(target, { recursive: true });
    putList([
      { kind: 'file', path: 'huge.bin', mode: 0o644, mtimeMs: 0, size: 2 ** 52, chunks: [chunk] },
    ]);
    expect(restoreHostile({}).exitCode).toBe(6);
    expect(restored()).toEqual({});
  });

  const absurd: [string, Record<string, unknown>][] = [
    ['a size beyond all numbers', { size: 2 ** 60 }],
    ['a size that is not its pages', { size: 512 * 9 }],
    ['no whole number of pages', { pageCount: 1.5 }],
    ['more pages than there are', { pageCount: 2 ** 32, size: 2 ** 41 }],
    ['a page size of 3', { pageSize: 3, size: 3 }],
    ['a page size of 128 KiB', { pageSize: 131072, size: 131072 }],
    ['a negative size', { size: -1 }],
    ['levels that are no ids', { levels: ['../../../etc/passwd'] }],
  ];
  test.each(absurd)('a manifest with %s is refused', (_, lie) => {
    const page = bytesOf('page', 512);
    const source = pageSource(sampleSources.crm, 'crm.db', 'crm.db', 512, 512, [page], [tableId]);
    const falsified = { ...source, pages: { ...(source['pages'] as object), ...lie } };
    const { exitCode, errors } = restoreHostile({ sources: [falsified] });
    expect(exitCode).toBe(6);
    expect(errors).toContain('its content is not as the format says');
    expect(existsSync(target)).toBe(false);
  });

  test('a database larger than the disk is refused before anything is written', () => {
    const source = pageSource(
      sampleSources.crm,
      'crm.db',
      'crm.db',
      65536,
      65536,
      [bytesOf('p', 65536)],
      [],
    );
    const pageCount = 2 ** 32 - 2;
    const falsified = {
      ...source,
      pages: { ...(source['pages'] as object), pageCount, size: pageCount * 65536 },
    };
    const { exitCode, errors } = restoreHostile({ sources: [falsified] });
    expect(exitCode).toBe(1);
    expect(errors).toContain('are free');
  });

  test('a manifest from another vault is not believed, whoever sealed it', () => {
    const other = writeEmptyVault(join(root, 'other'), 'other');
    const input = {
      ...point,
      kind: 'full',
      sources: [],
      packs: [],
      tables: [],
      lists: [],
      catalogue: [],
    } as const;
    publishPoint(other, input);
    const name = `points/${pointName(point)}`;
    for (const copy of ['.a', '.b'])
      copyFileSync(join(other.folder, name + copy), inVault(name + copy));
    expect(runReader(vault, ['list']).errors).toContain(
      `${name}.a: frame 0 is damaged (not authentic)`,
    );
    const body = { ...manifestBody(vault.keys, input), vaultId: idOf('other') };
    for (const copy of ['.a', '.b'])
      putFile(vault.folder, name + copy, sealManifest(vault.keys, point.id, body, []));
    const { exitCode, errors } = runReader(vault, ['list']);
    expect(exitCode).toBe(6);
    expect(errors).toContain('is from another vault');
  });

  const bomb = Buffer.alloc(64 * 1024 * 1024);
  const zstd = (forged: NonNullable<FrameToSeal['forged']>): FrameToSeal => ({
    content,
    codec: 'zstd',
    forged,
  });
  const packed = zstdCompressSync(content);
  const tooLarge = 'does not unpack (ERR_BUFFER_TOO_LARGE)';
  const bombs: [string, FrameToSeal, string][] = [
    ['a zstd bomb', zstd({ r: 4_000_000, packed: zstdCompressSync(bomb) }), tooLarge],
    [
      'a deflate bomb',
      { content, codec: 'deflate', forged: { r: 4_000_000, packed: deflateRawSync(bomb) } },
      tooLarge,
    ],
    ['a frame over 4 MiB', zstd({ r: 4 * 1024 * 1024 + 1, packed }), 'its header'],
    ['a frame that says more than it has', zstd({ r: 101, packed }), 'has another length'],
    ['a frame that says less than it has', zstd({ r: 99, packed }), tooLarge],
    ['a frame that is larger packed', zstd({ r: 10, packed }), 'its header'],
    ['bytes that do not unpack', zstd({ r: 400, packed: content }), 'does not unpack'],
  ];
  test.each(bombs)('%s in a pack is refused', (_, frame, why) => {
    putList([good]);
    expect(restoreHostile({}).exitCode).toBe(0);
    rmSync(target, { recursive: true });
    const directory = Buffer.from(
      '{"frames":[{"at":32,"kind":"chunks","lengths":[100]}],"files":[]}',
    );
    const length = Buffer.alloc(4);
    length.writeUInt32LE(directory.length);
    const closing = Buffer.concat([length, directory, hashOf(content)]);
    const { bytes } = sealObject(vault.keys, 'pack', packId, [frame], () => [{ content: closing }]);
    putObject(vault.folder, 'pack', packId, bytes);
    const { exitCode, errors } = restore(point.id);
    expect(exitCode).toBe(6);
    expect(errors).toContain(`frame 0 is damaged (${why}`);
    expect(existsSync(join(target, 'good.txt'))).toBe(false);
  });

  test('a manifest that unpacks to gigabytes is refused', () => {
    const body = { content: Buffer.alloc(4 * 1024 * 1024, ' '), codec: 'zstd' } as const;
    const frames = Array.from({ length: 70 }, () => body);
    const { bytes } = sealObject(vault.keys, 'manifest', point.id, [], () => frames);
    for (const copy of ['a', 'b'])
      putFile(vault.folder, `points/${pointName(point)}.${copy}`, bytes);
    expect(runReader(vault, ['list'])).toMatchObject({
      exitCode: 6,
      errors: expect.stringContaining('larger than this script accepts'),
    });
  });

  const run = (count: number, packNumber: number, hashes: number): Buffer =>
    Buffer.concat([
      littleEndian([1, 4], [0, 4], [count, 2], [packNumber, 2], [0, 2], [0, 2]),
      Buffer.alloc(hashes * 16),
    ]);
  const wild: [string, Buffer][] = [
    ['is not as the format says', Buffer.from('ffffffff', 'hex')],
    ['is not as the format says', Buffer.alloc(2)],
    ['names a pack that is not in its list', run(1, 1, 1)],
    ['has too few hashes', run(65535, 0, 3)],
    ['has too many hashes', run(1, 0, 2)],
  ];
  test.each(wild)('a table with a segment that %s: the packs make a new one', (why, segment) => {
    const id = sampleTables.crmDelta;
    const { bytes } = sealObject(vault.keys, 'table', id, [{ content: segment }], ([at]) =>
      jsonFrames({ packs: [samplePacks.full], segments: [{ at, first: 0, last: 9 }] }),
    );
    putObject(vault.folder, 'table', id, bytes);
    const { exitCode, errors } = restore(vault.increment.id);
    expect(errors).toContain(`a segment ${why}`);
    expect(exitCode).toBe(0);
    expect(restored()).toEqual(digestTree(vault.increment.tree));
  });

  test('a list whose entries are not in order is refused', () => {
    const lines = ['b', 'a'].map((path) => JSON.stringify({ kind: 'removed', path }));
    const frame = { content: Buffer.from(`${lines.join('\n')}\n`) };
    const { bytes } = sealObject(vault.keys, 'list', listId, [frame], ([at]) =>
      jsonFrames({ packs: [], segments: [{ at, first: 'a', last: 'b' }] }),
    );
    putObject(vault.folder, 'list', listId, bytes);
    const { exitCode, errors } = restoreHostile({});
    expect(exitCode).toBe(6);
    expect(errors).toContain('not in order');
  });

  test('a file that is not what was backed up never gets its name, though each page is right', () => {
    const page = bytesOf('page', 512);
    const place = { packId: idOf('p'), frame: 0, slot: 0, hash: hashOf(page) };
    const frame = { kind: 'chunks', codec: 'none', chunks: [page] } as const;
    putObject(vault.folder, 'pack', idOf('p'), sealPack(vault.keys, idOf('p'), [], [frame]).bytes);
    const table = sealTable(vault.keys, tableId, [[0, place]], { kind: 'base' });
    putObject(vault.folder, 'table', tableId, table.bytes);
    const other = pageSource(sampleSources.crm, 'crm.db', 'crm.db', 512, 512, [page], [tableId]);
    const root = { root: sha256('another').toString('hex') };
    const source = { ...other, pages: { ...(other['pages'] as object), ...root } };
    const { exitCode, errors } = restoreHostile({ sources: [source], tables: [tableId] });
    expect(exitCode).toBe(6);
    expect(errors).toContain('the digest is not the one');
    expect([...readTree(target)]).toEqual([['crm.db.damaged', page]]);
  });

  test('an object that is a link out of the vault is not followed', () => {
    const moved = join(root, 'moved');
    renameSync(packFile(samplePacks.merged), moved);
    symlinkSync(moved, packFile(samplePacks.merged));
    expect(restore('latest').errors).toContain('is no plain file');
  });

  test('control characters in names do not reach the terminal', () => {
    putList([fileEntry('\u001b[2Jgone.txt', [chunk])]);
    const { exitCode, output } = restoreHostile({});
    expect(exitCode).toBe(0);
    expect(output).not.toContain('\u001b');
  });

  test('a note of another kind under a known name forgets nothing', () => {
    const id = idOf('note x');
    const bytes = sealJson(vault.keys, 'note', id, {
      what: 'hold',
      points: [pointName(vault.full)],
    });
    putFile(vault.folder, `notes/${hex8(2)}-${hex8(1)}-forget-${id}`, bytes);
    const { output, errors } = runReader(vault, ['list']);
    expect(output).toContain('3 restore points');
    expect(errors).toContain(id);
  });
});
