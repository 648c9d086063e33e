/** When SQLite may be let in: each row is a state in which the wrong answer loses or changes a customer's file. */
import { describe, expect, test } from 'vitest';
import { mountTypeOf, shutsOutItself } from '../../../electron/engine/sources/file-system-kind.ts';
import { planAccess } from '../../../electron/engine/sources/source-access.ts';
import type { SourceLook } from '../../../electron/engine/sources/source-look.ts';

type Beside = { readonly wal?: number; readonly shm?: number; readonly journal?: number };

const stampOf = (size: number) => ({ device: '1', inode: '1', size, mtimeNs: '1', ctimeNs: '1' });
const walHeader = {
  pageSize: 4096,
  isBigEndianChecksum: false,
  salts: '0011223344556677',
  checkpointSequence: 0,
  checksum: [1, 2],
} as const;

/** A database of `size` bytes in mode `version` (1 rollback, 2 WAL, 0 = no SQLite signature), and the sizes beside it. */
function lookOf(size: number, version: number, beside: Beside, path = '/crm/a.db'): SourceLook {
  const hasSignature = version > 0 && size > 0;
  return {
    path,
    stamp: stampOf(size),
    mode: 0o644,
    start: Buffer.alloc(Math.min(size, 100)),
    hasSignature,
    header:
      hasSignature && size >= 100
        ? {
            pageSize: 4096,
            writeVersion: version,
            readVersion: version,
            changeCounter: 1,
            pageCount: 1,
            versionValidFor: 1,
          }
        : null,
    wal:
      beside.wal === undefined
        ? null
        : { stamp: stampOf(beside.wal), header: beside.wal > 0 ? walHeader : null },
    shm: beside.shm === undefined ? null : { stamp: stampOf(beside.shm) },
    journal:
      beside.journal === undefined
        ? null
        : { stamp: stampOf(beside.journal), isInUse: beside.journal > 0 },
  };
}

const here = { isOnNetwork: false, canWrite: true };

describe('how a source may be read', () => {
  test.each<[string, SourceLook, Partial<typeof here>, string]>([
    ['rollback mode, at rest', lookOf(8192, 1, {}), {}, 'read-only rollback'],
    ['rollback mode, journal in use', lookOf(8192, 1, { journal: 512 }), {}, 'read-only rollback'],
    [
      'rollback mode in a read-only folder',
      lookOf(8192, 1, {}),
      { canWrite: false },
      'read-only rollback',
    ],
    ['rollback mode on a share', lookOf(8192, 1, {}), { isOnNetwork: true }, 'read-only rollback'],
    ['WAL mode, open elsewhere', lookOf(8192, 2, { wal: 9000, shm: 32_768 }), {}, 'read-only wal'],
    ['WAL mode, at rest', lookOf(8192, 2, {}), {}, 'read-write wal'],
    [
      'WAL mode, at rest, read-only folder',
      lookOf(8192, 2, {}),
      { canWrite: false },
      'bytes not-writable',
    ],
    [
      'WAL mode on a share',
      lookOf(8192, 2, { wal: 9000, shm: 32_768 }),
      { isOnNetwork: true },
      'bytes network',
    ],
    ['WAL mode, no index', lookOf(8192, 2, { wal: 9000 }), {}, 'bytes log-without-index'],
    ['WAL mode, an empty log', lookOf(8192, 2, { wal: 0 }), {}, 'bytes log-without-index'],
    ['WAL mode, only an index', lookOf(8192, 2, { shm: 32_768 }), {}, 'bytes side-files'],
    ['WAL mode, a cut transaction', lookOf(8192, 2, { journal: 512 }), {}, 'bytes cut-transaction'],
    ['rollback header beside a log', lookOf(8192, 1, { wal: 9000 }), {}, 'bytes log-without-index'],
    ['empty', lookOf(0, 0, {}), {}, 'read-only rollback'],
    ['empty beside a log', lookOf(0, 0, { wal: 9000 }), {}, 'damaged'],
    ['empty beside a log and index', lookOf(0, 0, { wal: 9000, shm: 32_768 }), {}, 'damaged'],
    ['empty beside a journal', lookOf(0, 0, { journal: 512 }), {}, 'damaged'],
    ['empty beside an empty log', lookOf(0, 0, { wal: 0 }), {}, 'bytes side-files'],
    ['shorter than its first page', lookOf(700, 1, {}), {}, 'damaged'],
    ['shorter than its header beside a log', lookOf(50, 2, { wal: 9000 }), {}, 'damaged'],
    ['no SQLite', lookOf(8192, 0, {}), {}, 'bytes not-sqlite'],
    [
      'no SQLite, beside a log',
      lookOf(8192, 0, { wal: 9000, shm: 32_768 }),
      {},
      'bytes not-sqlite',
    ],
    ['a version to come', lookOf(8192, 3, {}), {}, 'bytes newer-format'],
    ['a name that ends with a space', lookOf(8192, 1, {}, '/crm/a.db '), {}, 'bytes name'],
  ])('%s', (_, look, facts, expected) => {
    const access = planAccess(look, { ...here, ...facts });
    const words = [access.kind];
    const more =
      'journalMode' in access ? access.journalMode : 'reason' in access ? access.reason : '';
    expect([...words, more].join(' ').trim()).toBe(expected);
  });
});

describe('the mount that holds a path', () => {
  const mounts = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '40 22 0:35 / /srv rw - cifs //server/share rw',
    '41 40 0:36 / /srv/local rw - tmpfs tmpfs rw',
    String.raw`42 22 0:37 / /mnt/My\040Disk rw - fuse.sshfs me@host: rw`,
    '43 22 8:2 / /twice rw - ext4 /dev/sdb1 rw',
    '44 22 0:38 / /twice rw - nfs4 host:/x rw',
  ].join('\n');

  test.each([
    ['/home/a.db', 'ext4'],
    ['/srv/crm/a.db', 'cifs'],
    ['/srvother/a.db', 'ext4'],
    ['/srv/local/a.db', 'tmpfs'],
    ['/mnt/My Disk/a.db', 'fuse.sshfs'],
    ['/twice/a.db', 'nfs4'],
  ])('%s', (path, type) => {
    expect(mountTypeOf(path, mounts)).toBe(type);
  });

  test.each([
    ['cifs', 'rw,vers=3.1.1,soft,actimeo=1', true],
    ['smb3', 'rw,vers=3.1.1', true],
    ['cifs', 'rw,vers=3.1.1,nobrl,actimeo=1', false],
    ['nfs4', 'rw,vers=4.2,soft', false],
    ['ext4', 'rw', false],
  ])('a writer on %s (%s) shuts out itself: %s', (type, options, expected) => {
    const share = `40 22 0:35 / /srv rw - ${type} //server/share ${options}`;
    expect(shutsOutItself('/srv/crm/a.db', `${mounts}\n${share}`)).toBe(expected);
  });
});
