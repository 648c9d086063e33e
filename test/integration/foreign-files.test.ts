/** What a user of Access, dBase, FileMaker or SQL Server would lose if their files were taken for something else, or in halves. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { SourceHost } from '../../electron/engine/sources/source-host.ts';
import { readFolderList } from '../../electron/engine/vault/folder-list.ts';
import {
  changePages,
  type HeaderSample,
  readDbaseTable,
  samplePageSizes,
  writeAccessLock,
  writeDbaseTables,
  writeHeaderSample,
} from '../support/foreign-samples.ts';
import { isAvailable } from '../support/machine.ts';
import { openHurriedSourceHost, openTestSourceHost } from '../support/open-test-source-host.ts';
import { realClock } from '../support/test-clock.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { restoreInto } from '../support/restore-trial.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

const names: Readonly<Record<HeaderSample, string>> = {
  jet3: 'Access database',
  jet4: 'Access database',
  ace: 'Access database',
  filemaker: 'FileMaker database',
  mdf: 'SQL Server database',
  ldf: 'SQL Server log',
};
const samples = Object.keys(names) as HeaderSample[];

describe('by its header alone', () => {
  test.each(samples)('%s is recognised under any name, with its pages', async (sample) => {
    const folder = await makeTemporaryFolder();
    const host = await openTestSourceHost();
    const pageSize = samplePageSizes[sample];
    for (const name of ['Kunden 客户.dat', 'ohne-endung', 'rechnung.txt']) {
      const path = join(folder, name);
      writeHeaderSample(path, sample, 3);
      const found = { kind: 'page-file', format: names[sample], pageSize, encrypted: false };
      expect(await host.inspect(path, 0)).toMatchObject({ ...found, isCutShort: false });
      truncateSync(path, 3 * pageSize - 700);
      expect(await host.inspect(path, 0)).toMatchObject({ ...found, isCutShort: true });
    }
  });

  test('what only has the name of such a file is a file', async () => {
    const folder = await makeTemporaryFolder();
    const host = await openTestSourceHost();
    const text = Buffer.from('\x03 liebe Kundin, lieber Kunde, anbei die Liste.\n'.repeat(200));
    const zeros = Buffer.alloc(8192);
    const almost = Buffer.concat([Buffer.from('\0\x01\0\0Standard Jet'), zeros]);
    // Counts its fields wrongly: nothing but the first byte is a table's.
    const noTable = Buffer.concat([Buffer.from([3, 126, 11, 21, 9, 0, 0, 0, 65, 0, 99, 0]), zeros]);
    const endings = ['mdb', 'accdb', 'dbf', 'fdb', 'gdb', 'fp7', 'fmp12', 'mdf', 'ldf'];
    for (const [index, bytes] of [text, zeros, almost, noTable].entries()) {
      for (const ending of endings) {
        const path = join(folder, `${index}.${ending}`);
        writeFileSync(path, bytes);
        const { format, pageSize, isCutShort } = await host.inspect(path, 0);
        expect({ path, format, pageSize, isCutShort }).toEqual({
          path,
          format: 'file',
          pageSize: null,
          isCutShort: null,
        });
      }
    }
  });
});

describe('pages of the format', () => {
  test.each(['jet3', 'mdf'] as const)(
    'are what an increment stores: %s, 3 of 400 changed',
    async (sample) => {
      const engine = await openTestEngine();
      const host = await openHurriedSourceHost();
      const path = join(engine.folder, 'daten.bin');
      const pageSize = samplePageSizes[sample];
      writeHeaderSample(path, sample, 400);
      const full = await engine.backup(path, { host });
      changePages(path, pageSize, [7, 8, 399]);
      const { point } = await engine.backup(path, { host });
      const [source] = point.sources;
      expect(full.point.sources[0]).toMatchObject({ kind: 'page-file', label: 'quiet-copy' });
      expect(source?.pages).toMatchObject({ pageSize, pageCount: 400, changedPages: 3 });
      expect(point.written.bytes).toBeLessThan(full.point.written.bytes / 20);
    },
  );
});

describe('the lock file of Access', () => {
  test.each([
    ['kunden.mdb', 'kunden.ldb', 'jet4'],
    ['Kunden.accdb', 'KUNDEN.laccdb', 'ace'],
  ] as const)('of %s names who has it open', async (name, lock, sample) => {
    const folder = await makeTemporaryFolder();
    const host = await openTestSourceHost();
    const path = join(folder, name);
    writeHeaderSample(path, sample);
    expect((await host.inspect(path)).lock).toBeNull();
    writeAccessLock(join(folder, lock), [
      ['EMPFANG', 'Admin'],
      ['LAGER', 'Petra'],
      ['EMPFANG', 'Admin'],
    ]);
    const users = [
      { computer: 'EMPFANG', user: 'Admin' },
      { computer: 'LAGER', user: 'Petra' },
    ];
    expect((await host.inspect(path)).lock).toEqual({ file: lock, users });
    writeFileSync(join(folder, lock), '');
    expect((await host.inspect(path)).lock).toEqual({ file: lock, users: [] });
  });

  test('counts beside an Access database only', async () => {
    const folder = await makeTemporaryFolder();
    const host = await openTestSourceHost();
    const path = join(folder, 'notizen.mdb');
    writeFileSync(path, 'no database at all');
    writeAccessLock(join(folder, 'notizen.ldb'), [['EMPFANG', 'Admin']]);
    writeAccessLock(join(folder, 'andere.ldb'), [['EMPFANG', 'Admin']]);
    expect((await host.inspect(path)).lock).toBeNull();
    writeHeaderSample(join(folder, 'kunden.mdb'), 'jet4');
    expect((await host.inspect(join(folder, 'kunden.mdb'))).lock).toBeNull();
  });

  test('takes the better label from a copy: it was open, whoever was quiet', async () => {
    const engine = await openTestEngine();
    const host = await openHurriedSourceHost();
    const path = join(engine.folder, 'kunden.mdb');
    writeHeaderSample(path, 'jet4');
    writeAccessLock(join(engine.folder, 'kunden.ldb'), [['EMPFANG', 'Admin']]);
    const { point } = await engine.backup(path, { host });
    expect(point.sources[0]?.label).toBe('crash-consistent');
  });
});

test('a database of SQL Server is whole only with its log, and is told so', async () => {
  const folder = await makeTemporaryFolder();
  const host = await openTestSourceHost();
  writeHeaderSample(join(folder, 'Kunden.mdf'), 'mdf', 2);
  writeHeaderSample(join(folder, 'Kunden_log.ldf'), 'ldf', 2);
  writeHeaderSample(join(folder, 'Lager.mdf'), 'mdf', 2);
  writeFileSync(join(folder, 'Kunden.txt'), 'a letter');
  expect((await host.inspect(join(folder, 'Kunden.mdf'))).companions).toEqual(['Kunden_log.ldf']);
  expect((await host.inspect(join(folder, 'Kunden_log.ldf'))).companions).toEqual(['Kunden.mdf']);
  expect((await host.inspect(join(folder, 'Lager.mdf'))).companions).toEqual([]);
});

describe.skipIf(!isAvailable('dbf'))('tables that a real library wrote', () => {
  test.each([
    ['db3', 'dbt'],
    ['fp', 'fpt'],
    ['vfp', 'fpt'],
  ] as const)(
    '%s: recognised, with its memo and index, and whether its end is there',
    async (kind, memo) => {
      const folder = await makeTemporaryFolder();
      const host = await openTestSourceHost();
      const path = join(folder, 'KUNDEN.dbf');
      writeDbaseTables(kind, 40, path);
      writeFileSync(join(folder, 'kunden.cdx'), 'an index');
      writeFileSync(join(folder, 'lager.fpt'), 'of another table');
      expect(await host.inspect(path)).toMatchObject({
        format: 'dBase table',
        isCutShort: false,
        companions: [`KUNDEN.${memo}`, 'kunden.cdx'],
      });
      const moved = join(folder, 'liste.xyz');
      copyFileSync(path, moved);
      expect((await host.inspect(moved, 0)).format).toBe('dBase table');
      truncateSync(moved, readFileSync(path).length - 60);
      expect((await host.inspect(moved, 0)).isCutShort).toBe(true);
    },
  );

  test('come back from a folder with the memos that belong to them', async () => {
    const { engine, folder, paths } = await makeTables();
    const before = paths.map((path) => readDbaseTable(path));
    const { point } = await engine.backup(folder);
    expect(point.problems).toEqual([]);
    const out = await restoreFolder(engine, { point });
    expect(paths.map((path) => readDbaseTable(join(out, basename(path))))).toEqual(before);
  });

  test('of a memo that is written between the readings of its table, the newer state of both is kept', async () => {
    const { engine, folder, paths } = await makeTables();
    const [first = ''] = paths;
    const memo = first.replace('.dbf', '.dbt');
    let writes = 0;
    const host = whenReadAgain(engine.host, (path) => {
      // After the table was found unchanged, its memo gets a new text.
      if (path === memo && writes === 0) appendFileSync(memo, `neu ${(writes += 1)}`);
    });
    const { point } = await engine.backup(folder, { host });
    expect(point.problems).toEqual([]);
    expect(writes).toBe(1);
    const out = await restoreFolder(engine, { point });
    expect(readFileSync(join(out, basename(memo))).equals(readFileSync(memo))).toBe(true);
  });

  test('a set that never keeps still is refused, its last copy stays, and the others are taken', async () => {
    const { engine, folder, paths } = await makeTables();
    const [first = ''] = paths;
    const memo = first.replace('.dbf', '.dbt');
    await engine.backup(folder);
    const kept = readFileSync(memo);
    const records = readDbaseTable(first);
    rmSync(memo);
    writeDbaseTables('db3', 70, first);
    writeDbaseTables('db3', 55, join(folder, 'lager.dbf'));
    let writes = 0;
    const host = whenReadAgain(engine.host, (path) => {
      if (path === memo) appendFileSync(memo, `neu ${(writes += 1)}`);
    });
    const { point } = await engine.backup(folder, { host });
    expect(writes).toBeGreaterThan(2);
    expect(point.problems).toMatchObject([{ failure: { code: 'source-busy' } }]);
    const out = await restoreFolder(engine, { point });
    expect(readFileSync(join(out, basename(memo))).equals(kept)).toBe(true);
    // The table kept still, but is nothing without its memo.
    expect(readDbaseTable(join(out, basename(first)))).toEqual(records);
    expect(readDbaseTable(join(out, 'lager.dbf'))).toHaveLength(55);
  });

  test('is read though size and times are the same: its program maps it into memory', async () => {
    // An hour later the times of all files are old enough to be believed.
    const clock = { ...realClock, nowMs: () => realClock.nowMs() + 3_600_000 };
    const { engine, folder, paths } = await makeTables(clock);
    const [first = ''] = paths;
    writeFileSync(join(folder, 'brief.txt'), 'x'.repeat(500_000));
    const { point } = await engine.backup(folder);
    const levels = point.sources[0]?.list?.levels ?? [];
    const again = await engine.backup(folder);
    // Nothing new is listed, though all of it was read.
    expect(again.point.sources[0]?.list?.levels).toEqual(levels);
    const { readBytes } = again.point.written;
    expect(readBytes).toBeGreaterThan(readFileSync(first).length);
    expect(readBytes).toBeLessThan(500_000);
    const entries = await Array.fromAsync(readFolderList(engine.vault, levels, engine.report));
    expect(entries.map(({ path }) => path)).toEqual(
      [...paths.flatMap(withMemo), 'brief.txt'].map((path) => basename(path)).sort(),
    );
  });
});

/** Into a new folder, which is returned. */
async function restoreFolder(engine: TestEngine, made: { point: RestorePoint }): Promise<string> {
  const out = join(engine.folder, `out-${made.point.id}`);
  await restoreInto(engine, made, out);
  return out;
}

const withMemo = (path: string): readonly string[] => [path, path.replace('.dbf', '.dbt')];

async function makeTables(clock = realClock) {
  const engine = await openTestEngine({ clock });
  const folder = join(engine.folder, 'crm');
  mkdirSync(folder);
  const paths = ['kunden.dbf', 'termine.dbf'].map((name) => join(folder, name));
  writeDbaseTables('db3', 60, ...paths);
  return { engine, folder, paths };
}

/** Small files are read in one call first; each file that is opened by itself is read again. */
function whenReadAgain(host: SourceHost, act: (path: string) => void): SourceHost {
  return {
    ...host,
    openRawFile: async (path) => {
      act(path);
      return host.openRawFile(path);
    },
  };
}
