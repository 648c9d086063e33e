/** What a user of Firebird would lose if copies were torn, too large, or made under a program that goes on writing. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../shared/model/backup-error.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { locales } from '../../shared/text/locale.ts';
import { captureToFile } from '../support/capture-to-file.ts';
import {
  makeFirebirdLedger,
  openFirebird,
  readLedger,
  runIsql,
  SALDO,
  transferSql,
  validateFirebird,
} from '../support/firebird.ts';
import { isAvailable } from '../support/machine.ts';
import { openHurriedSourceHost } from '../support/open-test-source-host.ts';
import { restoreKeeping } from '../support/restore-and-undo.ts';
import { restoreBackup, restoreInto, restoreToolsOf } from '../support/restore-trial.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

const ACCOUNTS = 3_000;
const SLICE = 64 * 1024;
/** Touches most pages, and makes new ones. */
const manyTransfers = `UPDATE ACCOUNTS SET SALDO = SALDO - 7, NOTE = RPAD('', 380, UUID_TO_CHAR(GEN_UUID())) WHERE MOD(ID, 2) = 0; UPDATE ACCOUNTS SET SALDO = SALDO + 7 WHERE MOD(ID, 2) = 1; COMMIT;`;
const whole = { accounts: ACCOUNTS, saldo: ACCOUNTS * SALDO };

async function openWithLedger(pageSize: 4096 | 8192 | 16384 = 8192) {
  const engine = await openTestEngine();
  mkdirSync(join(engine.folder, 'crm'));
  const path = join(engine.folder, 'crm', 'KUNDEN.FDB');
  makeFirebirdLedger(path, { pageSize, accounts: ACCOUNTS });
  return { engine, path };
}

/** Restores into a new folder; the copy must satisfy the engine itself. */
async function judgeCopy(
  engine: TestEngine,
  made: Parameters<typeof restoreInto>[1],
): Promise<ReturnType<typeof readLedger>> {
  const out = join(engine.folder, `out-${made.point.id}`);
  await restoreInto(engine, made, out);
  const copy = join(out, 'KUNDEN.FDB');
  expect(validateFirebird(copy)).toBe('');
  return readLedger(copy);
}

describe.skipIf(!isAvailable('firebird'))('a database that Firebird itself made', () => {
  test.each([4096, 16384] as const)(
    'is told by its header, with pages of %i bytes',
    async (size) => {
      const { engine, path } = await openWithLedger(size);
      const found = await engine.host.inspect(path);
      const known = { kind: 'page-file', format: 'Firebird database', pageSize: size };
      expect(found).toMatchObject({ ...known, isCutShort: false, heldBy: [], companions: [] });
    },
  );

  test('is told with the files in which it goes on, and with what nbackup holds back', async () => {
    const engine = await openTestEngine();
    const folder = join(engine.folder, 'crm');
    mkdirSync(folder);
    const path = join(folder, 'kunden.fdb');
    const goesOnIn = join(folder, 'kunden.zwei');
    makeFirebirdLedger(path, { pageSize: 4096, accounts: 5_000, goesOnIn });
    expect(statSync(goesOnIn).size).toBeGreaterThan(4096);
    expect((await engine.host.inspect(path)).companions).toEqual(['kunden.zwei']);
    runIsql(path, 'ALTER DATABASE BEGIN BACKUP; COMMIT;');
    expect((await engine.host.inspect(path)).companions).toEqual([
      'kunden.fdb.delta',
      'kunden.zwei',
    ]);
  });

  test('after 100 changed records an increment stores less than a tenth of what the first copy did (seen: 10 of 367 pages, 11 KB after 257 KB)', async () => {
    const { engine, path } = await openWithLedger();
    const host = await openHurriedSourceHost();
    const full = await engine.backup(path, { host });
    runIsql(path, `UPDATE ACCOUNTS SET NOTE = 'neu' WHERE ID >= 500 AND ID < 600; COMMIT;`);
    const made = await engine.backup(path, { host });
    const pages = made.point.sources[0]?.pages;
    const [stored, first] = [made.point.written.bytes, full.point.written.bytes];
    const figures = `${pages?.changedPages} of ${pages?.pageCount} pages changed, ${stored} bytes stored after ${first}`;
    expect(pages?.changedPages, figures).toBeGreaterThan(0);
    expect(pages?.changedPages, figures).toBeLessThan((pages?.pageCount ?? 0) / 10);
    expect(stored, figures).toBeLessThan(first / 10);
    expect(await judgeCopy(engine, made)).toEqual(whole);
  });

  test('that is written while it is read is read again, and the copy is sound', async () => {
    const { engine, path } = await openWithLedger();
    const peer = await openFirebird(path);
    const copy = join(engine.folder, 'copy.fdb');
    // Behind the reader's back, in the first pass alone.
    const afterFirstSlice = async (): Promise<void> => peer.run(manyTransfers);
    const { passes } = await captureToFile(engine.host, path, copy, {
      sliceBytes: SLICE,
      afterFirstSlice,
    });
    // Firebird tidies up behind a commit: more than one pass may meet that.
    expect(passes).toBeGreaterThan(1);
    expect(validateFirebird(copy)).toBe('');
    expect(readLedger(copy)).toEqual(whole);
  });

  test('in which somebody writes all the time is refused in plain words', async () => {
    const { engine, path } = await openWithLedger();
    const host = await openHurriedSourceHost();
    const peer = await openFirebird(path);
    const copy = join(engine.folder, 'copy.fdb');
    let transfers = 0;
    const afterSlice = async (): Promise<void> => {
      await peer.run(transferSql((transfers += 1), ACCOUNTS - transfers));
    };
    const busy = captureToFile(host, path, copy, { sliceBytes: 16 * SLICE, afterSlice });
    const failure = failureOf(await busy.catch((error: unknown) => error));
    expect(failure).toMatchObject({ code: 'source-busy', path });
    for (const locale of locales) expect(failureWords(failure, locale).cause).toContain(path);
    expect(transfers).toBeGreaterThan(5);
  });

  test('that is open and quiet is copied as after a power cut: what is not committed is not in it', async () => {
    const { engine, path } = await openWithLedger();
    const peer = await openFirebird(path);
    await peer.run(transferSql(1, 2));
    await peer.run('UPDATE ACCOUNTS SET SALDO = SALDO + 500 WHERE ID < 200;');
    const found = await engine.host.inspect(path);
    expect(found.heldBy).toEqual([`isql-fb (${peer.pid})`]);
    const made = await engine.backup(path);
    expect(made.point.sources[0]).toMatchObject({ kind: 'page-file', label: 'crash-consistent' });
    expect(await judgeCopy(engine, made)).toEqual(whole);
    await peer.close();
    expect(await engine.host.inspect(path)).toMatchObject({ heldBy: [] });
  });

  test('comes back in place once it is closed, not before, and the restore can be undone', async () => {
    const { engine, path } = await openWithLedger();
    const host = await openHurriedSourceHost();
    const tools = restoreToolsOf(engine, { host });
    const made = await engine.backup(path, { host });
    const peer = await openFirebird(path);
    await peer.run('DELETE FROM ACCOUNTS WHERE ID < 1000; COMMIT;');
    const by = `isql-fb (${peer.pid})`;
    const inVault = async (): Promise<never> => {
      throw new Error('refused before anything is kept');
    };
    const safety = { inVault, folders: [], goOnWithout: false };
    await expect(restoreBackup(engine, made, path, { tools, safety })).rejects.toMatchObject({
      failure: { code: 'target-in-use', path, by },
    });
    await peer.close();
    const before = readFileSync(path);
    const { result, undo } = await restoreKeeping({ engine, tools, path, made });
    expect(result).toMatchObject({ way: { kind: 'swap' }, isIntegrityChecked: false });
    expect(readFileSync(path).equals(before)).toBe(false);
    const restored = readFileSync(path);
    expect(readLedger(path)).toEqual(whole);
    expect(validateFirebird(path)).toBe('');
    // Firebird notes in the header that it was there: what it wrote is not to be lost unseen.
    writeFileSync(path, restored);
    await undo();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readLedger(path).accounts).toBe(ACCOUNTS - 1_000);
  });
});
