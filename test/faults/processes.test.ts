/** Real processes that are killed, collide or fill a real disk: what they leave is a vault that opens, whole, and goes on. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPointIndex } from '../../electron/engine/vault/point-index.ts';
import { isSound, verifyVault } from '../../electron/engine/verify/verify-vault.ts';
import { isAvailable } from '../support/machine.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { createPointLedger, readAllPoints, type PointLedger } from '../support/restored-points.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestEngine, TEST_PASSPHRASE, type TestEngine } from '../support/test-engine.ts';
import { startVaultProcess, type VaultTask } from '../support/vault-process.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const isDeep = process.env['HOLDFAST_DEEP'] === '1';

interface Bed {
  readonly engine: TestEngine;
  readonly ledger: PointLedger;
  readonly path: string;
  readonly task: (more?: Partial<VaultTask>) => VaultTask;
}

async function makeBed(): Promise<Bed> {
  const engine = await openTestEngine();
  const ledger = createPointLedger();
  const path = join(engine.folder, 'crm.db');
  createLedger(path, { rows: 300, seed });
  await ledger.record([path], async () => engine.backup(path));
  const { place, cacheFolder } = engine;
  const common = { place, cacheFolder, passphrase: TEST_PASSPHRASE, sources: [path] };
  return { engine, ledger, path, task: (more = {}) => ({ do: 'backup', ...common, ...more }) };
}

/** The vault is sound and every point that was reported comes back; returns how many others there are. */
async function expectWhole({ engine, ledger }: Bed): Promise<number> {
  const vault = await engine.openAgain();
  const signal = new AbortController().signal;
  const request = { vault, pool: engine.pool, onProgress: () => undefined, signal };
  const report = await verifyVault({ ...request, depth: 'data' });
  expect(report).toMatchObject({ affected: [], vanished: [], unreadablePoints: [] });
  expect(isSound(report)).toBe(true);
  const found = await readAllPoints({ ...engine, vault, folder: join(engine.folder, 'out') });
  expect(found).toMatchObject(ledger.expected);
  return Object.keys(found).length - Object.keys(ledger.expected).length;
}

const change = ({ path }: Bed, round: number): void =>
  editDatabase(
    path,
    `UPDATE entries SET text = hex(randomblob(300)) WHERE id % 20 = ${round % 20}`,
  );

test('a backup killed with -9 at any write costs nothing, and the next one needs no unlocking', async () => {
  const bed = await makeBed();
  const random = createSeededRandom(seed);
  for (let round = 0; round < (isDeep ? 25 : 4); round++) {
    change(bed, round);
    const killAtMutation = isDeep ? round + 1 : random.between(1, 14);
    const victim = startVaultProcess(bed.task({ killAtMutation }));
    expect(await victim.ended).toBe('SIGKILL');
    expect(await expectWhole(bed)).toBeLessThanOrEqual(round + 1);
    await bed.ledger.record([bed.path], async () => bed.engine.backup(bed.path));
    await expectWhole(bed);
  }
});

describe.skipIf(!isAvailable('strace'))('a backup killed at a system call', () => {
  test.each(['fsync', 'rename', 'link', 'unlink'])('%s leaves a whole vault', async (call) => {
    const bed = await makeBed();
    const random = createSeededRandom(seed);
    // The only rename is that of the local cache, after the manifest.
    const number = call === 'rename' ? 1 : random.between(1, 4);
    change(bed, number);
    const calls =
      {
        fsync: 'fsync,fdatasync',
        rename: 'rename,renameat,renameat2',
        link: 'link,linkat',
        unlink: 'unlink,unlinkat',
      }[call] ?? call;
    const trace = ['-e', `trace=${calls}`, '-e', `inject=${calls}:signal=KILL:when=${number}`];
    const victim = startVaultProcess(bed.task(), [
      'strace',
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      ...trace,
    ]);
    // strace ends as its child did.
    expect(await victim.ended).toBe('SIGKILL');
    await expectWhole(bed);
    await bed.ledger.record([bed.path], async () => bed.engine.backup(bed.path));
    await expectWhole(bed);
  });
});

test('two processes that back up into one vault at the same time lose nothing of each other', async () => {
  const bed = await makeBed();
  for (let round = 0; round < (isDeep ? 10 : 2); round++) {
    change(bed, round);
    const both = ['one', 'two'].map((name) =>
      startVaultProcess(bed.task({ cacheFolder: join(bed.engine.folder, name) })),
    );
    const events = await Promise.all(
      both.map(async (one) => {
        expect(await one.next()).toEqual({ event: 'opened' });
        return one.next();
      }),
    );
    const outcomes = events.map(({ event, code }) => code ?? event);
    // One after the other or one only: never both at once.
    for (const outcome of outcomes) expect(['done', 'vault-busy']).toContain(outcome);
    expect(outcomes).toContain('done');
    await Promise.all(both.map(async ({ ended }) => ended));
  }
  await expectWhole(bed);
  const index = await readPointIndex(await bed.engine.openAgain(), bed.engine.report);
  expect(index).toMatchObject({ late: [], vanished: [] });
});

describe.skipIf(!isAvailable('mount'))('a vault on a disk that is really full', () => {
  test('keeps every restore point that was reported', async () => {
    const folder = await makeTemporaryFolder();
    const path = join(folder, 'crm.db');
    createLedger(path, { rows: 700, seed });
    const task: VaultTask = {
      do: 'fill',
      place: join(folder, 'vault'),
      passphrase: TEST_PASSPHRASE,
      cacheFolder: join(folder, 'cache'),
      sources: [path],
    };
    const mount = `mkdir -p ${task.place} && mount -t tmpfs -o size=4m tmpfs ${task.place} && exec "$@"`;
    const under = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mount, 'sh'];
    const filler = startVaultProcess(task, under);
    const end = await filler.next();
    expect(end).toMatchObject({ event: 'done', code: 'place-full', isSound: true });
    expect(end.points).toBeGreaterThan(2);
  });
});
