/**
 * Every kind of object of a vault is turned, cut, emptied or removed: the check finds and names it, says exactly which
 * restore points it costs, the others come back, and no wrong byte is ever restored under a right name.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packName, tableName } from '../../electron/engine/format/object-names.ts';
import { addHold } from '../../electron/engine/retention/holds.ts';
import type { MemoryStorage } from '../../electron/engine/storage/memory-storage.ts';
import { takeLease } from '../../electron/engine/vault/lease.ts';
import { writeNote } from '../../electron/engine/vault/notes.ts';
import { openVault } from '../../electron/engine/vault/open-vault.ts';
import {
  readPointIndex,
  toEntry,
  tryLoadManifest,
} from '../../electron/engine/vault/point-index.ts';
import { isSound, type VerifyReport } from '../../electron/engine/verify/verify-vault.ts';
import { hasCode } from '../../shared/model/backup-error.ts';
import { checkData, openFaultBed, type FaultBed } from '../support/fault-bed.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { readPoint } from '../support/restored-points.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const isDeep = process.env['HOLDFAST_DEEP'] === '1';

interface Sample {
  readonly bed: FaultBed;
  readonly names: readonly string[];
}

/** Two databases and one stored raw, over four points, with a hold, a plan, a heartbeat and lists. */
async function makeSample(): Promise<Sample> {
  const bed = await openFaultBed();
  const [crm = '', mail = '', broken = ''] = ['crm.db', 'mail.db', 'broken.db'].map((name) =>
    join(bed.engine.folder, name),
  );
  createLedger(crm, { rows: 150, seed });
  createLedger(mail, { rows: 60, seed: seed + 1 });
  writeFileSync(broken, '');
  writeFileSync(`${broken}-wal`, randomBytes(90_000));
  await bed.backup(bed.base, [crm, mail, broken], { kind: 'full' });
  for (const round of [1, 2]) {
    editDatabase(crm, `UPDATE entries SET text = 'round ${round}' WHERE id % 25 = ${round}`);
    await bed.backup(bed.base, [crm, mail, broken]);
  }
  await bed.backup(bed.base, [crm], { kind: 'full' });
  const vault = await bed.openOn(bed.base);
  const request = { purpose: 'hold', owner: bed.owner, report: () => undefined, waitMs: 0 };
  const lease = await takeLease(vault, request);
  await addHold(vault, lease, lease.points.live.slice(0, 1), 'audit');
  await writeNote(vault, lease, { what: 'plan', plan: { id: 'x' } });
  await lease.end(lease.points.live.map(toEntry));
  const names = (await bed.base.list('')).map(({ name }) => name);
  return { bed, names };
}

const harms = {
  turned: (bytes: Buffer, random: SeededRandom) => {
    const at = random.below(bytes.length);
    return bytes.with(at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
  },
  cut: (bytes: Buffer, random: SeededRandom) => bytes.subarray(0, random.below(bytes.length)),
  emptied: () => Buffer.alloc(0),
  'overwritten with zeros': (bytes: Buffer) => Buffer.alloc(bytes.length),
  removed: () => null,
} as const;
type Harm = keyof typeof harms;
/** Two copies that are damaged in different frames make up for each other. */
const whollyLost = ['emptied', 'overwritten with zeros', 'removed'] as const;

async function applyHarm(
  place: MemoryStorage,
  name: string,
  harm: Harm,
  random: SeededRandom,
): Promise<void> {
  const bytes = await place.readWhole(name, 1e9);
  const after = harms[harm](Buffer.from(bytes), random);
  await place.remove(name);
  if (after !== null) await place.put(name, after);
}

/** Whether each point that is still there gives back all of what it must, by its id. */
async function tryAllPoints(
  bed: FaultBed,
  place: MemoryStorage,
): Promise<ReadonlyMap<string, boolean>> {
  const vault = await bed.openOn(place);
  const index = await readPointIndex(vault, () => undefined);
  const outcome = new Map<string, boolean>();
  for (const ref of index.live) {
    const loaded = await tryLoadManifest(vault, ref, () => undefined);
    if (loaded === null) continue;
    const reading = { vault, pool: bed.engine.pool, folder: join(bed.engine.folder, 'out') };
    let isWhole = true;
    for (const source of loaded.point.sources) {
      const alone = { ...loaded.point, sources: [source] };
      try {
        const expected = bed.reported.get(ref.id) ?? {};
        const found = await readPoint(reading, alone, index.notes);
        // Raw files are checked by their seal; the ledger knows the database file only.
        for (const [name, content] of Object.entries(found))
          if (name in expected) expect(content).toBe(expected[name]);
      } catch (error) {
        if (!hasCode(error, 'point-damaged', 'object-damaged', 'object-missing')) throw error;
        isWhole = false;
      }
    }
    outcome.set(ref.id, isWhole);
  }
  return outcome;
}

/** The report names exactly the points that cannot be restored. */
function expectNamed(report: VerifyReport, outcome: ReadonlyMap<string, boolean>): void {
  const affected = new Set(report.affected.map(({ point }) => point));
  for (const [id, isWhole] of outcome) expect(affected.has(id), id).toBe(!isWhole);
}

const isRecordOfThePast = (name: string): boolean => name.startsWith('leases/');

test('one damaged object is found, named, and costs what the check says and nothing else', async () => {
  const { bed, names } = await makeSample();
  const random = createSeededRandom(seed);
  const trials = names.flatMap((name) =>
    (Object.keys(harms) as Harm[]).map((harm) => ({ name, harm })),
  );
  let found = 0;
  for (const { name, harm } of trials) {
    if (!isDeep && !random.chance(18) && !(harm === 'turned' && random.chance(40))) continue;
    const place = bed.base.afterKill();
    await applyHarm(place, name, harm, random);
    const what = `${name} ${harm}`;
    if (name === 'holdfast-vault.json') {
      await expect(bed.openOn(place), what).rejects.toMatchObject({
        failure: {
          code: expect.stringMatching(/^vault-(missing|damaged|newer|other)$/) as unknown,
        },
      });
      continue;
    }
    const report = await checkData(bed, await bed.openOn(place));
    const outcome = await tryAllPoints(bed, place);
    expectNamed(report, outcome);
    // Records of turns long over say nothing any more; the reserve is only room.
    if (isRecordOfThePast(name) || name === 'reserve') continue;
    found += 1;
    const isSaid =
      report.damage.some(({ object }) => object === name) ||
      report.vanished.length + report.unreadablePoints.length > 0;
    if (!(harm === 'removed' && name.startsWith('notes/'))) expect(isSaid, what).toBe(true);
    const isEveryPointWhole = [...outcome.values()].every(Boolean) && outcome.size === 4;
    const hasSecondCopy = /\.[ab]$/.test(name) || !name.includes('/');
    if (hasSecondCopy) expect([isEveryPointWhole, isSound(report)], what).toEqual([true, true]);
    if (!isEveryPointWhole) expect(isSound(report), what).toBe(false);
  }
  expect(found).toBeGreaterThan(20);
});

test('both copies damaged cost a manifest its point, a table nothing, a list its files', async () => {
  const { bed, names } = await makeSample();
  const random = createSeededRandom(seed);
  const pairs = names.filter((name) => /^(points|tables|lists)\/.*\.a$/.test(name));
  for (const name of pairs) {
    const place = bed.base.afterKill();
    for (const copy of [name, name.replace(/a$/, 'b')])
      await applyHarm(place, copy, random.pick(whollyLost), random);
    const report = await checkData(bed, await bed.openOn(place));
    const outcome = await tryAllPoints(bed, place);
    expectNamed(report, outcome);
    const kind = name.slice(0, name.indexOf('/'));
    if (kind === 'points') expect(outcome.size, name).toBe(3);
    else expect(outcome.size, name).toBe(4);
    expect(isSound(report), name).toBe(kind === 'tables');
    expect([...outcome.values()].every(Boolean), name).toBe(kind !== 'lists');
  }
});

test('both copies of the key header damaged close the vault and say so, not "wrong passphrase"', async () => {
  const { bed } = await makeSample();
  const random = createSeededRandom(seed);
  const place = bed.base.afterKill();
  for (const side of ['a', 'b'])
    await applyHarm(place, `keys/00000001.${side}`, 'overwritten with zeros', random);
  const opening = openVault(
    place,
    { kind: 'passphrase', passphrase: 'not the right one' },
    { clock: bed.clock, random: randomBytes },
    () => undefined,
  );
  await expect(opening).rejects.toMatchObject({
    failure: {
      code: 'vault-damaged',
      objects: ['keys/00000001.a', 'keys/00000001.b'],
    },
  });
});

test('any number of wounds at once restores no wrong byte, and none that is whole is called lost', async () => {
  const { bed, names } = await makeSample();
  const random = createSeededRandom(seed + 1);
  const data = names.filter((name) => /^(packs|tables|lists|points)\//.test(name));
  for (let round = 0; round < (isDeep ? 300 : 15); round++) {
    const place = bed.base.afterKill();
    for (let wound = random.between(2, 6); wound > 0; wound--) {
      const name = random.pick(data);
      if ((await place.size(name)) === null) continue;
      if ((await place.size(name)) === 0) continue;
      await applyHarm(place, name, random.pick(['turned', 'cut', 'removed'] as const), random);
    }
    const report = await checkData(bed, await bed.openOn(place));
    expectNamed(report, await tryAllPoints(bed, place));
  }
});

test('objects that changed places are not believed', async () => {
  const { bed, names } = await makeSample();
  const packs = names.filter((name) => name.startsWith('packs/'));
  const tables = names.filter((name) => /^tables\/.*\.a$/.test(name));
  for (const [one = '', other = ''] of [packs, tables]) {
    const place = bed.base.afterKill();
    const [first, second] = [await place.readWhole(one, 1e9), await place.readWhole(other, 1e9)];
    await place.remove(one);
    await place.remove(other);
    await place.put(one, second);
    await place.put(other, first);
    const report = await checkData(bed, await bed.openOn(place));
    const wounds = report.damage.map(({ object }) => object);
    expect(wounds).toEqual(expect.arrayContaining([one, other]));
    expectNamed(report, await tryAllPoints(bed, place));
  }
  expect(packs.length).toBeGreaterThan(2);
  expect([packName('00'.repeat(16)), tableName('00'.repeat(16), 'a')]).toHaveLength(2);
});
