/**
 * A small vault made by format-writer.ts: two databases and a folder, three restore points (full, increment, increment
 * with merged levels) over two leases, all codecs, zero pages, a cut last page. It says what each point must give back.
 */
import { createHash } from 'node:crypto';
import {
  bytesOf,
  hashOf,
  hex8,
  idOf,
  keyHeaderText,
  pointName,
  putFile,
  putObject,
  recoveryKeyText,
  rootOf,
  sealJson,
  sealList,
  sealManifest,
  sealPack,
  sealTable,
  encodeCatalogue,
  type ChunkPlace,
  type Codec,
  type ListEntry,
  type PackFrame,
  type PageEntry,
  type PointName,
  type VaultKeys,
} from './format-writer.ts';

/** Path below the restored folder -> content; a folder is null, a link the text of its target. */
export type Tree = ReadonlyMap<string, Buffer | string | null>;

export interface SamplePoint extends PointName {
  readonly tree: Tree;
}

export interface SampleVault {
  readonly folder: string;
  readonly keys: VaultKeys;
  readonly passphrase: string;
  readonly recoveryKey: string;
  readonly full: SamplePoint;
  readonly increment: SamplePoint;
  readonly merged: SamplePoint;
}

export const samplePacks = {
  full: idOf('pack 1'),
  increment: idOf('pack 2'),
  merged: idOf('pack 3'),
};
export const sampleTables = {
  crm: idOf('table crm 1'),
  crmDelta: idOf('table crm 2'),
  crmMerged: idOf('table crm 3'),
  odd: idOf('table odd 1'),
};
export const sampleLists = { base: idOf('list 1'), delta: idOf('list 2') };
export const sampleSources = {
  crm: idOf('source crm'),
  odd: idOf('source odd'),
  folder: idOf('source folder'),
};

const CRM_PAGE = 512;
const ODD_PAGE = 4096;
const ODD_SIZE = 10_000;
const files = [
  { source: sampleSources.crm, path: 'crm.db', pageSize: CRM_PAGE },
  { source: sampleSources.odd, path: 'data/odd.mdb', pageSize: ODD_PAGE },
];
const zeroPage = Buffer.alloc(CRM_PAGE);
const isZeroPage = (page: number): boolean => (page >= 100 && page < 150) || page === 4500;

/** A page that packs well, so that every codec has something to do. */
const pageOf = (label: string, size: number): Buffer =>
  Buffer.alloc(size, bytesOf(label, 40).toString('base64'));

function framesOf(
  pages: ReadonlyMap<number, Buffer>,
  perFrame: number,
  codecs: readonly Codec[],
): PackFrame[] {
  const stored = [...pages].filter(([, page]) => !page.equals(zeroPage));
  const frames: PackFrame[] = [];
  for (let at = 0; at < stored.length; at += perFrame) {
    const part = stored.slice(at, at + perFrame);
    frames.push({
      kind: 'pages',
      file: 0,
      codec: codecs[frames.length % codecs.length] ?? 'none',
      pages: part.map(([, page]) => page),
      runs: runsOf(part.map(([number]) => number)),
    });
  }
  return frames;
}

function runsOf(numbers: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run[0] + run[1] === number) run[1] += 1;
    else runs.push([number, 1]);
  }
  return runs;
}

/** Table entries of pages that were stored by `framesOf` as the first frames of a pack. */
function entriesOf(
  pages: ReadonlyMap<number, Buffer>,
  perFrame: number,
  packId: string,
): PageEntry[] {
  let stored = 0;
  return [...pages].map(([number, page]) => {
    if (page.equals(zeroPage)) return [number, null];
    const place = {
      packId,
      frame: Math.floor(stored / perFrame),
      slot: stored % perFrame,
      hash: hashOf(page),
    };
    stored += 1;
    return [number, place];
  });
}

/** Writes an empty vault: marker and both copies of its key header. */
export function writeEmptyVault(folder: string, label = 'sample'): SampleVault {
  const keys = { vaultId: bytesOf(`vault ${label}`, 16), master: bytesOf(`master ${label}`, 32) };
  const passphrase = 'Katze auf Möbeln, 三只猫';
  const recoveryBytes = bytesOf(`recovery ${label}`, 20);
  const header = keyHeaderText(keys, { generation: 1, passphrase, recoveryBytes });
  const vaultId = keys.vaultId.toString('hex');
  putFile(
    folder,
    'holdfast-vault.json',
    JSON.stringify({ format: 'holdfast-vault', version: 1, vaultId }),
  );
  putFile(folder, 'keys/00000001.a', header);
  putFile(folder, 'keys/00000001.b', header);
  const none = { epoch: 0, counter: 0, id: idOf('none'), tree: new Map() };
  const points = { full: none, increment: none, merged: none };
  return { folder, keys, passphrase, recoveryKey: recoveryKeyText(recoveryBytes), ...points };
}

export interface PointInput extends PointName {
  readonly kind: 'full' | 'incremental' | 'differential';
  readonly sources: readonly unknown[];
  readonly packs: readonly string[];
  readonly tables: readonly string[];
  readonly lists: readonly string[];
  readonly catalogue: readonly PointName[];
}

/** The body of a manifest. */
export function manifestBody(keys: VaultKeys, input: PointInput): Record<string, unknown> {
  const uses = (ids: readonly string[]) => ids.map((id) => ({ id, bytes: 1 }));
  return {
    version: 1,
    vaultId: keys.vaultId.toString('hex'),
    id: input.id,
    epoch: input.epoch,
    counter: input.counter,
    kind: input.kind,
    parent: null,
    family: input.id,
    planId: null,
    takenAt: {
      ms: 1_763_700_000_000 + input.counter * 3_600_000,
      zone: 'Europe/Berlin',
      offsetMinutes: 60,
      doubtful: false,
    },
    finishedAtMs: 1_763_700_060_000,
    host: 'office',
    app: '0.1.0',
    sources: input.sources,
    packs: input.packs.map((id) => ({ id, bytes: 1, liveBytes: 1 })),
    tables: uses(input.tables),
    lists: uses(input.lists),
    written: { packs: [], bytes: 0, readBytes: 0 },
    problems: [],
  };
}

/** Publishes a point; `change` may falsify its body first. */
export function publishPoint(
  { folder, keys }: SampleVault,
  input: PointInput,
  change: (body: Record<string, unknown>) => unknown = (body) => body,
): void {
  const bytes = sealManifest(keys, input.id, change(manifestBody(keys, input)), input.catalogue);
  for (const copy of ['a', 'b']) putFile(folder, `points/${pointName(input)}.${copy}`, bytes);
}

/** Publishes the lease of an epoch, and its end when a catalogue for that is given. */
export function publishLease(
  { folder, keys }: SampleVault,
  epoch: number,
  accepted: readonly PointName[],
  atEnd?: readonly PointName[],
): void {
  const name = `leases/${hex8(epoch)}`;
  const owner = {
    host: 'office',
    machine: '00',
    boot: '',
    pidNamespace: '',
    pid: 1,
    startTime: '',
    user: '',
  };
  const lease = {
    version: 1,
    epoch,
    owner,
    takenAtMs: 1_763_700_000_000,
    purpose: 'backup',
    accepted: encodeCatalogue(accepted).toString('base64'),
  };
  putFile(folder, name, sealJson(keys, 'lease', idOf(name), lease));
  if (atEnd === undefined) return;
  const end = { epoch, catalogue: encodeCatalogue(atEnd).toString('base64') };
  putFile(folder, `${name}-end`, sealJson(keys, 'end', idOf(`${name}-end`), end));
}

/** Publishes a note of epoch 2. */
export function publishNote(
  { folder, keys }: SampleVault,
  what: string,
  body: Record<string, unknown>,
  number = 1,
): void {
  const id = idOf(`note ${what} ${number}`);
  const bytes = sealJson(keys, 'note', id, { what, ...body });
  putFile(folder, `notes/${hex8(2)}-${hex8(number)}-${what}-${id}`, bytes);
}

/** A source of a manifest with pages. */
export function pageSource(
  source: string,
  name: string,
  path: string,
  pageSize: number,
  size: number,
  pages: readonly Buffer[],
  levels: readonly string[],
): Record<string, unknown> {
  return {
    ...sourceFacts(source, name, 'sqlite'),
    pages: {
      path,
      size,
      pageSize,
      pageCount: pages.length,
      mode: 0o640,
      root: rootOf(pageSize, size, pages),
      levels,
      changedPages: 0,
      storedPages: 0,
    },
    list: null,
  };
}

/** A source of a manifest with a folder list. */
export const listSource = (
  source: string,
  name: string,
  levels: readonly string[],
): Record<string, unknown> => ({
  ...sourceFacts(source, name, 'folder'),
  pages: null,
  list: { levels, files: 3, bytes: 1000 },
});

const sourceFacts = (id: string, name: string, kind: string) => ({
  id,
  kind,
  name,
  path: `/srv/${name}`,
  capturedAtMs: 1_763_700_000_000,
  label: 'transactional',
  method: 'scanned',
  counts: null,
  marker: null,
});

const MTIME = 1_763_600_000_000;
export const fileEntry = (path: string, chunks: readonly ChunkPlace[]): ListEntry => ({
  kind: 'file',
  path,
  mode: 0o644,
  mtimeMs: MTIME,
  chunks,
});
const folderEntry = (path: string): ListEntry => ({
  kind: 'folder',
  path,
  mode: 0o755,
  mtimeMs: MTIME,
});

/** Writes the whole sample vault into an empty folder. */
export function writeSampleVault(folder: string): SampleVault {
  const vault = writeEmptyVault(folder);
  const { keys } = vault;
  const point = (label: string, epoch: number, counter: number) => ({
    epoch,
    counter,
    id: idOf(label),
  });
  const [full, increment, merged] = [
    point('point full', 1, 1),
    point('point increment', 1, 2),
    point('point merged', 2, 1),
  ] as const;

  // The database at the three points.
  const first = new Map<number, Buffer>();
  for (let page = 0; page < 5000; page += 1) {
    first.set(page, isZeroPage(page) ? zeroPage : pageOf(`crm ${page}`, CRM_PAGE));
  }
  const changed = (label: string, pages: readonly number[]) =>
    new Map(pages.map((page) => [page, pageOf(`${label} ${page}`, CRM_PAGE)] as const));
  const second = changed('second', [0, 7, 105, 4095, 4096, 4999]);
  const grown = Array.from({ length: 20 }, (_, index) => 5000 + index);
  const third = changed('third', [1, 7, 3000, 3001, 3002, 3010, ...grown.slice(1)]);
  third.set(5000, zeroPage);
  const byPage = (pages: Map<number, Buffer>) => new Map([...pages].sort(([a], [b]) => a - b));
  const states = [
    [...first.values()],
    [...byPage(new Map([...first, ...second])).values()],
    [...byPage(new Map([...first, ...second, ...third])).values()],
  ] as const;
  const odd = [0, 1, 2].map((page) => pageOf(`odd ${page}`, ODD_PAGE));
  odd[2]?.fill(0, ODD_SIZE - 2 * ODD_PAGE);

  // The folder: contents, and in which frame and where each chunk lies.
  const chunks = [11, 100_000, 70_000, 5].map((length, index) => bytesOf(`chunk ${index}`, length));
  const [text = zeroPage, large1 = zeroPage, large2 = zeroPage, last = zeroPage] = chunks;
  const newer = [bytesOf('chunk new a', 50), bytesOf('chunk new b', 60)] as const;

  // Pack 1: frames 0..5 of the database, 6 of the other one, 7 and 8 with chunks.
  const crmFrames = framesOf(first, 900, ['zstd', 'deflate', 'none']);
  const base = crmFrames.length;
  const pack1: PackFrame[] = [
    ...crmFrames,
    { kind: 'pages', file: 1, codec: 'deflate', runs: [[0, 3]], pages: odd },
    { kind: 'chunks', codec: 'zstd', chunks: [text, large1] },
    { kind: 'chunks', codec: 'none', chunks: [large2, last] },
  ];
  putObject(folder, 'pack', samplePacks.full, sealPack(keys, samplePacks.full, files, pack1).bytes);
  const pack2: PackFrame[] = [
    ...framesOf(second, 100, ['zstd']),
    { kind: 'chunks', codec: 'deflate', chunks: [...newer] },
  ];
  putObject(
    folder,
    'pack',
    samplePacks.increment,
    sealPack(keys, samplePacks.increment, files, pack2).bytes,
  );
  const pack3 = framesOf(third, 10, ['deflate', 'zstd']);
  putObject(
    folder,
    'pack',
    samplePacks.merged,
    sealPack(keys, samplePacks.merged, files, pack3).bytes,
  );

  // Tables: base, delta, merged delta; lists: base and delta.
  const table = (id: string, entries: readonly PageEntry[], cut: Parameters<typeof sealTable>[3]) =>
    putObject(folder, 'table', id, sealTable(keys, id, entries, cut).bytes);
  const delta = entriesOf(second, 100, samplePacks.increment);
  const later = new Map(entriesOf(third, 10, samplePacks.merged));
  const mergedEntries = [...new Map([...delta, ...later])].sort(([a], [b]) => a - b);
  table(sampleTables.crm, entriesOf(first, 900, samplePacks.full), { kind: 'base' });
  table(sampleTables.crmDelta, delta, { kind: 'delta', entries: 4 });
  table(sampleTables.crmMerged, mergedEntries, { kind: 'delta', entries: 10 });
  const oddEntries = odd.map((page, slot): PageEntry => {
    return [slot, { packId: samplePacks.full, frame: base, slot, hash: hashOf(page) }];
  });
  table(sampleTables.odd, oddEntries, { kind: 'base' });
  const at = (packId: string, frame: number, offset: number, bytes: Buffer): ChunkPlace => ({
    packId,
    frame,
    offset,
    bytes,
  });
  const large = 'sub/größe 文件.pdf';
  const list = (id: string, entries: readonly ListEntry[]) =>
    putObject(folder, 'list', id, sealList(keys, id, entries, 2).bytes);
  list(sampleLists.base, [
    fileEntry('a.txt', [at(samplePacks.full, base + 1, 0, text)]),
    fileEntry('empty', []),
    folderEntry('sub'),
    fileEntry(large, [
      at(samplePacks.full, base + 1, text.length, large1),
      at(samplePacks.full, base + 2, 0, large2),
    ]),
    { kind: 'link', path: 'sub/link', target: '../a.txt' },
    fileEntry('z.txt', [at(samplePacks.full, base + 2, large2.length, last)]),
  ]);
  list(sampleLists.delta, [
    fileEntry('a.txt', [at(samplePacks.increment, 1, 0, newer[0])]),
    folderEntry('new'),
    fileEntry('new/b.bin', [at(samplePacks.increment, 1, newer[0].length, newer[1])]),
    { kind: 'removed', path: 'z.txt' },
  ]);

  // The points.
  const oddFile = Buffer.concat(odd).subarray(0, ODD_SIZE);
  const sources = (
    state: readonly Buffer[],
    levels: readonly string[],
    lists: readonly string[],
  ) => [
    pageSource(
      sampleSources.crm,
      'crm.db',
      'crm.db',
      CRM_PAGE,
      state.length * CRM_PAGE,
      state,
      levels,
    ),
    pageSource(sampleSources.odd, 'odd.mdb', 'data/odd.mdb', ODD_PAGE, ODD_SIZE, odd, [
      sampleTables.odd,
    ]),
    listSource(sampleSources.folder, 'attachments', lists),
  ];
  const common = [
    ['odd.mdb/data', null],
    ['odd.mdb/data/odd.mdb', oddFile],
    ['attachments/empty', Buffer.alloc(0)],
    ['attachments/sub', null],
    [`attachments/${large}`, Buffer.concat([large1, large2])],
    ['attachments/sub/link', '../a.txt'],
  ] as const;
  const treeOf = (state: readonly Buffer[], isFirst: boolean): Tree =>
    new Map<string, Buffer | string | null>([
      ['crm.db', null],
      ['odd.mdb', null],
      ['attachments', null],
      ['crm.db/crm.db', Buffer.concat([...state])],
      ...common,
      ['attachments/a.txt', isFirst ? text : newer[0]],
      ...(isFirst
        ? ([['attachments/z.txt', last]] as const)
        : ([
            ['attachments/new', null],
            ['attachments/new/b.bin', newer[1]],
          ] as const)),
    ]);
  publishPoint(vault, {
    ...full,
    kind: 'full',
    sources: sources(states[0], [sampleTables.crm], [sampleLists.base]),
    packs: [samplePacks.full],
    tables: [sampleTables.crm, sampleTables.odd],
    lists: [sampleLists.base],
    catalogue: [full],
  });
  const lists = [sampleLists.base, sampleLists.delta];
  publishPoint(vault, {
    ...increment,
    kind: 'incremental',
    sources: sources(states[1], [sampleTables.crm, sampleTables.crmDelta], lists),
    packs: [samplePacks.full, samplePacks.increment],
    tables: [sampleTables.crm, sampleTables.odd, sampleTables.crmDelta],
    lists,
    catalogue: [full, increment],
  });
  publishPoint(vault, {
    ...merged,
    kind: 'incremental',
    sources: sources(states[2], [sampleTables.crm, sampleTables.crmMerged], lists),
    packs: [samplePacks.full, samplePacks.increment, samplePacks.merged],
    tables: [sampleTables.crm, sampleTables.odd, sampleTables.crmMerged],
    lists,
    catalogue: [full, increment, merged],
  });
  publishLease(vault, 1, [], [full, increment]);
  publishLease(vault, 2, [full, increment]);
  return {
    ...vault,
    full: { ...full, tree: treeOf(states[0], true) },
    increment: { ...increment, tree: treeOf(states[1], false) },
    merged: { ...merged, tree: treeOf(states[2], false) },
  };
}

/** SHA-256 of every file of a tree, so that a failed comparison prints little. */
export function digestTree(tree: Tree): Record<string, string> {
  const lines = [...tree].map(([path, content]) => {
    if (content === null) return [path, 'folder'];
    if (typeof content === 'string') return [path, `-> ${content}`];
    return [path, `${content.length} ${createHash('sha256').update(content).digest('hex')}`];
  });
  return Object.fromEntries(lines.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))) as Record<
    string,
    string
  >;
}
