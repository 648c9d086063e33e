/** What happens to a database while it is read: a restore point holds one state that really was, or there is none. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fetchPageFile } from '../../electron/engine/restore/fetch-page-file.ts';
import type { SourceHost } from '../../electron/engine/sources/source-host.ts';
import { failureOf } from '../../shared/model/backup-error.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import { checkData, openFaultBed, type FaultBed } from '../support/fault-bed.ts';
import { isAvailable } from '../support/machine.ts';
import { openHurriedSourceHost } from '../support/open-test-source-host.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { describeFiles, readPoint } from '../support/restored-points.ts';
import { startCrmWriter } from '../support/start-crm-writer.ts';
import { createSampleCrm } from '../support/sample-crm.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { isSound } from '../../electron/engine/verify/verify-vault.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const isDeep = process.env['HOLDFAST_DEEP'] === '1';

/** A host that does something once, after the first slice of a capture was read. */
function interrupting(host: SourceHost, act: () => void): SourceHost {
  let hasActed = false;
  return {
    ...host,
    openCapture: async (request) => {
      const capture = await host.openCapture(request);
      return {
        ...capture,
        [Symbol.asyncDispose]: async () => capture[Symbol.asyncDispose](),
        get state() {
          return capture.state;
        },
        nextSlice: async (buffer) => {
          const slice = await capture.nextSlice(buffer);
          if (!hasActed) {
            hasActed = true;
            act();
          }
          return slice;
        },
        endPass: async () => capture.endPass(),
      };
    },
  };
}

interface Interrupted {
  readonly code: string | null;
  readonly point: RestorePoint | null;
}

async function backUpWhile(
  bed: FaultBed,
  path: string,
  act: () => void,
  host: SourceHost = bed.engine.host,
): Promise<Interrupted> {
  try {
    const { point } = await bed.backup(bed.base, [path], { host: interrupting(host, act) });
    return { code: null, point };
  } catch (error) {
    return { code: failureOf(error).code, point: null };
  }
}

const contentOf = async (bed: FaultBed, point: RestorePoint): Promise<string | undefined> => {
  const vault = await bed.openOn(bed.base);
  const reading = { vault, pool: bed.engine.pool, folder: join(bed.engine.folder, 'out') };
  return Object.values(await readPoint(reading, point, []))[0];
};
const describeFile = async (path: string): Promise<string | undefined> =>
  (await describeFiles({ file: path }))['file'];

/** Restores the point's only database; returns what the point says of it. */
async function fetchTo(
  bed: FaultBed,
  point: RestorePoint,
  targetPath: string,
): Promise<PointSource> {
  const [source] = point.sources;
  if (source?.pages === undefined || source.pages === null) throw new Error('no pages');
  await fetchPageFile({
    vault: await bed.openOn(bed.base),
    pool: bed.engine.pool,
    pointId: point.id,
    sourceId: source.id,
    file: source.pages,
    packs: point.packs,
    notes: [],
    targetPath,
    onBytes: () => undefined,
    report: () => undefined,
    signal: new AbortController().signal,
  });
  return source;
}

/** Larger than all slices that are read ahead. */
const ROWS = 60_000;

describe('a database that, while it is read, is', () => {
  const accidents: [string, (path: string, other: string) => void][] = [
    ['deleted', (path) => rmSync(path)],
    ['replaced by another one', (path, other) => renameSync(other, path)],
    ['overwritten by another one', (path, other) => copyFileSync(other, path)],
    ['cut in half', (path) => truncateSync(path, 4096 * 1000)],
    ['emptied', (path) => truncateSync(path, 0)],
  ];
  test.each(accidents)('%s: the copy is a state that was, or none is made', async (_what, act) => {
    const bed = await openFaultBed();
    const [path, other] = [join(bed.engine.folder, 'crm.db'), join(bed.engine.folder, 'other.db')];
    createLedger(path, { rows: ROWS / 4, seed });
    createLedger(other, { rows: 100, seed: seed + 1 });
    const [before, otherContent] = [await describeFile(path), await describeFile(other)];
    const { code, point } = await backUpWhile(bed, path, () => act(path, other));
    if (point === null) expect(code).toMatch(/^source-/);
    else if (point.sources[0]?.label !== 'damaged-source') {
      const after = await describeFile(path).catch(() => undefined);
      expect([before, otherContent, after]).toContain(await contentOf(bed, point));
    }
    const report = await checkData(bed, await bed.openOn(bed.base));
    expect(isSound(report)).toBe(true);
    // And the vault is free for the next run.
    rmSync(path, { force: true });
    createLedger(path, { rows: 50, seed });
    const next = await bed.backup(bed.base, [path]);
    expect(await contentOf(bed, next.point)).toBe(await describeFile(path));
  });
});

test('a CRM that writes all the time: every restore point opens and is whole', async () => {
  const bed = await openFaultBed();
  const path = join(bed.engine.folder, 'crm.db');
  createSampleCrm(path, { seed, size: { contacts: 500 } });
  await using writer = await startCrmWriter(path, { rate: 200, seed });
  for (let round = 0; round < (isDeep ? 40 : 5); round++) {
    const { point } = await bed.backup(bed.base, [path]);
    const target = join(bed.engine.folder, `copy-${round}.db`);
    const source = await fetchTo(bed, point, target);
    expect(source.label).toBe('transactional');
    expect(await bed.engine.host.checkIntegrity(target, 30_000)).toEqual([]);
  }
  expect(await writer.stop()).toBeGreaterThan(0);
});

test('a database that another program has locked for itself: said, and backed up when it is free', async () => {
  const bed = await openFaultBed();
  const path = join(bed.engine.folder, 'crm.db');
  createLedger(path, { rows: 60, seed });
  const peer = startSqlitePeer(path);
  await peer.run('BEGIN EXCLUSIVE');
  await peer.run("INSERT INTO entries (kind, text) VALUES ('half', 'done')");
  const host = await openHurriedSourceHost();
  const locked = await backUpWhile(bed, path, () => undefined, host);
  if (locked.point !== null)
    expect(await contentOf(bed, locked.point)).toBe(await describeFile(path));
  else expect(locked.code).toBe('source-busy');
  await peer.run('ROLLBACK');
  await peer.close();
  const free = await bed.backup(bed.base, [path]);
  expect(await contentOf(bed, free.point)).toBe(await describeFile(path));
});

test('a database that grows by a half between two backups, and between two passes', async () => {
  const bed = await openFaultBed();
  const path = join(bed.engine.folder, 'crm.db');
  createLedger(path, { rows: ROWS / 4, seed });
  await bed.backup(bed.base, [path]);
  const grow = (): void =>
    void execFileSync(process.execPath, [
      '-e',
      `const D=require('better-sqlite3');const d=new D(${JSON.stringify(path)});d.exec("INSERT INTO entries (kind, text) SELECT kind, text || 'x' FROM entries LIMIT 3000");d.close()`,
    ]);
  editDatabase(path, "UPDATE entries SET text = 'y' WHERE id = 5");
  const { code, point } = await backUpWhile(bed, path, grow);
  expect(code).toBeNull();
  if (point === null) return;
  expect(await contentOf(bed, point)).toBe(await describeFile(path));
});

describe.skipIf(!isAvailable('root'))('a source that may not be read', () => {
  test('is said to be unreadable, not to be missing or damaged', async () => {
    const bed = await openFaultBed();
    const path = join(bed.engine.folder, 'crm.db');
    createLedger(path, { rows: 10, seed });
    chmodSync(path, 0);
    chmodSync(bed.engine.folder, 0o755);
    // Root may read everything: another user asks.
    const code = `import('${new URL('../../electron/engine/sources/source-host.ts', import.meta.url).href}').then(async ({ openSourceHost }) => {
      const { realClock } = await import('${new URL('../support/test-clock.ts', import.meta.url).href}');
      const workerUrl = new URL('${new URL('../../electron/engine/sources/source-worker.ts', import.meta.url).href}');
      const host = await openSourceHost({ workerUrl, clock: realClock });
      await host.inspect(${JSON.stringify(path)}).then(() => console.log('read'), (error) => console.log(error.failure.code));
      await host[Symbol.asyncDispose]();
    })`;
    const child = spawn(process.execPath, ['-e', code], {
      uid: 65534,
      gid: 65534,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(line.toString().trim()).toBe('source-unreadable');
  });
});

test('a huge database of holes is backed up and comes back as large, in time and memory for its content', async () => {
  const bed = await openFaultBed();
  const bytes = (isDeep ? 100 : 0.5) * 2 ** 30;
  const path = join(bed.engine.folder, 'huge.mdb');
  await using file = await open(path, 'w');
  const part = Buffer.alloc(4096, 'content');
  for (const at of [0, bytes / 2, bytes - 4096]) await file.write(part, 0, 4096, at);
  const memory = process.memoryUsage().rss;
  const { point } = await bed.backup(bed.base, [path]);
  expect(process.memoryUsage().rss - memory).toBeLessThan(400 * 2 ** 20);
  expect(point.sources[0]?.pages).toMatchObject({ size: bytes, storedPages: 3 });
  expect(point.written.bytes).toBeLessThan(bytes / 2000);
  const target = join(bed.engine.folder, 'restored.mdb');
  await fetchTo(bed, point, target);
  await using restored = await open(target);
  const { size, blocks } = await restored.stat();
  expect(size).toBe(bytes);
  expect(blocks * 512).toBeLessThan(10 * 2 ** 20);
  for (const at of [0, bytes / 2, bytes - 4096]) {
    const { buffer } = await restored.read(Buffer.alloc(4096), 0, 4096, at);
    expect(buffer.equals(part)).toBe(true);
  }
});
