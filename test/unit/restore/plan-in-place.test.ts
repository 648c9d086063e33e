import { describe, expect, test } from 'vitest';
import { planInPlace, type InPlaceFacts } from '../../../electron/engine/restore/plan-in-place.ts';
import type { TargetFile } from '../../../electron/engine/sources/look-at-target.ts';

const path = '/srv/crm.db';
const file: TargetFile = {
  kind: 'sqlite',
  size: 1000,
  bytesInAll: 1200,
  mode: 0o600,
  uid: 0,
  gid: 0,
  pageSize: 4096,
  isWal: true,
  shutBecause: null,
};

function factsOf(
  changes: {
    readonly file?: Partial<TargetFile> | null;
    readonly look?: Partial<InPlaceFacts['look']>;
    readonly content?: Partial<InPlaceFacts['content']>;
  } & Partial<Pick<InPlaceFacts, 'freeBytes' | 'isSafetyOnSameDisk'>>,
): InPlaceFacts {
  return {
    look: {
      path,
      file: changes.file === null ? null : { ...file, ...changes.file },
      sideFiles: [],
      heldBy: [],
      lock: null,
      ...changes.look,
    },
    content: { kind: 'sqlite', pageSize: 4096, size: 900, storedBytes: 800, ...changes.content },
    freeBytes: changes.freeBytes ?? null,
    isSafetyOnSameDisk: changes.isSafetyOnSameDisk ?? false,
  };
}

describe('how a target is replaced', () => {
  test.each([
    ['a database that opens', {}, { kind: 'through-sqlite' }],
    ['one with a log', { look: { sideFiles: ['crm.db-wal'] } }, { kind: 'through-sqlite' }],
    ['nothing', { file: null }, { kind: 'swap', mustFold: false, because: 'missing' }],
    [
      'another page size',
      { file: { pageSize: 1024 } },
      { kind: 'swap', mustFold: true, because: 'page-size' },
    ],
    [
      'an empty database to come back',
      { content: { size: 0 } },
      { kind: 'swap', mustFold: true, because: 'no-database' },
    ],
    [
      'a file of another kind',
      { file: { kind: 'other' as const } },
      { kind: 'swap', mustFold: false, because: 'no-database' },
    ],
    [
      'another kind to come back',
      { content: { kind: 'page-file' as const } },
      { kind: 'swap', mustFold: true, because: 'no-database' },
    ],
    [
      'a database that SQLite must not open',
      { file: { shutBecause: 'network' } },
      { kind: 'file-by-file', because: 'cannot-open' },
    ],
    [
      'only a log',
      { file: null, look: { sideFiles: ['crm.db-wal'] } },
      { kind: 'file-by-file', because: 'left-over-files' },
    ],
    [
      'a file of another kind beside a log',
      { file: { kind: 'other' as const }, look: { sideFiles: ['crm.db-journal'] } },
      { kind: 'file-by-file', because: 'left-over-files' },
    ],
    [
      'files kept as found',
      { content: { kind: 'raw' as const } },
      { kind: 'file-by-file', because: 'stored-raw' },
    ],
  ])('%s', (_, changes, way) => {
    expect(planInPlace(factsOf(changes)).way).toEqual(way);
  });

  test('a program that has it open stops a swap, and no restore through SQLite', () => {
    const look = { heldBy: ['crm (7)'] };
    expect(planInPlace(factsOf({ look })).way.kind).toBe('through-sqlite');
    expect(() => planInPlace(factsOf({ look, file: { pageSize: 512 } }))).toThrow(
      'target-in-use path="/srv/crm.db" by="crm (7)"',
    );
  });

  test('not knowing who has it open stops nothing: the lock and the rename will tell', () => {
    const look = { heldBy: null };
    expect(planInPlace(factsOf({ look, file: { pageSize: 512 } })).way.kind).toBe('swap');
  });
});

describe('room', () => {
  test.each([
    ['through SQLite: the scratch file and the one transaction', {}, 800 + 1200],
    ['larger than what is there', { content: { size: 5000, storedBytes: 5000 } }, 5000 + 5000],
    ['swap: the scratch file', { file: { pageSize: 512 } }, 800],
    [
      'swap with a safety copy on the same disk',
      { file: { pageSize: 512 }, isSafetyOnSameDisk: true },
      800 + 1200,
    ],
  ])('%s', (_, changes, neededBytes) => {
    expect(planInPlace(factsOf({ ...changes, freeBytes: neededBytes })).neededBytes).toBe(
      neededBytes,
    );
    const tooLittle = factsOf({ ...changes, freeBytes: neededBytes - 1 });
    expect(() => planInPlace(tooLittle)).toThrow(
      `target-full path="/srv/crm.db" neededBytes=${neededBytes} freeBytes=${neededBytes - 1}`,
    );
  });
});
