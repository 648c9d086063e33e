// Checks a vault. Structure: every object that any restore point names is there with its size. Data: every frame of every
// object authenticated, every page and chunk hash recomputed and compared with tables and lists, every root recomputed.
// Damage is named with the restore points and files that it touches. Nothing is changed here.
import type { Progress } from '../../../shared/model/progress.ts';
import type { RestorePoint } from '../../../shared/model/restore-point.ts';
import { catalogueKey } from '../format/catalogue.ts';
import { COPY_SIDES, packName, parseDataName, pointName } from '../format/object-names.ts';
import { createProgressMeter, type ProgressMeter } from '../../../shared/model/progress-meter.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import { createFrameOpener } from '../pipeline/frame-opener.ts';
import { findForeignKitFiles } from '../vault/emergency-kit.ts';
import {
  findMissingParts,
  takeInventory,
  type Inventory,
  type MissingParts,
} from '../vault/inventory.ts';
import { checkKeyHeaders } from '../vault/key-generations.ts';
import { notesOf } from '../vault/notes.ts';
import { readManifest, readPointIndex, type PointIndex } from '../vault/point-index.ts';
import { isWound } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import { checkPack, type PackCheck } from './check-pack.ts';
import { checkCopies, checkPointContent } from './check-point-content.ts';
import { collectDamage, type AffectedFile, type Damage, type DamageList } from './damage.ts';
import { holdsAll, type PackHoldings } from './pack-holdings.ts';

export interface VerifyRequest {
  readonly vault: Vault;
  readonly pool: ComputePool;
  readonly depth: 'structure' | 'data';
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

export interface VerifyReport {
  readonly depth: 'structure' | 'data';
  readonly points: number;
  readonly bytesRead: number;
  readonly damage: readonly Damage[];
  readonly affected: readonly AffectedFile[];
  /** Points by number that a catalogue names and that are gone. */
  readonly vanished: readonly string[];
  /** Points whose manifests cannot be read. */
  readonly unreadablePoints: readonly string[];
  readonly latePoints: number;
  /** Frames per pack that are lost, null = the whole pack: what a `damage` note records. */
  readonly lostPacks: readonly { readonly id: string; readonly frames: readonly number[] | null }[];
}

interface Check {
  readonly request: VerifyRequest;
  readonly index: PointIndex;
  readonly damage: DamageList;
  readonly affected: AffectedFile[];
  /** Frames that some table or list needs and that nothing stands in for. */
  readonly lostFrames: Map<string, Set<number>>;
  readonly inventory: Inventory;
  readonly meter: ProgressMeter;
}

/** Never throws for damage; throws when the place does not answer or the signal aborts. */
export async function verifyVault(request: VerifyRequest): Promise<VerifyReport> {
  const { vault, depth } = request;
  vault.memory.clear(); // what is checked is what lies there now
  const damage = collectDamage();
  const meter = createProgressMeter(vault.clock, request.onProgress);
  meter.start('check', null, vault.storage.location);
  await checkKeyHeaders(vault, damage.report);
  for (const name of await findForeignKitFiles(vault.storage))
    damage.add(name, 'differs from the app’s own', 'covered');
  const index = await readPointIndex(vault, (name, error) => {
    damage.report(name, error);
    // A note has no second copy: what it said is lost.
    if (name.startsWith('notes/')) damage.add(name, 'cannot be read');
  });
  const { points, unreadable } = await readAllManifests(vault, index, damage);
  const inventory = await takeInventory(vault);
  const state = { affected: [], lostFrames: new Map<string, Set<number>>(), inventory, meter };
  const check: Check = { request, index, damage, ...state };
  const read = depth === 'data' ? await checkData(check, points) : await checkSizes(check, points);
  meter.finish();
  return {
    depth,
    points: points.length,
    bytesRead: read.bytes,
    damage: damage.all(),
    affected: check.affected,
    vanished: index.vanished.map(catalogueKey),
    unreadablePoints: unreadable,
    latePoints: index.late.length,
    lostPacks: read.lostPacks,
  };
}

/** True when nothing is lost: wounds that a second copy or a replacement covers are reported, but not this. */
export function isSound(report: VerifyReport): boolean {
  return (
    report.affected.length === 0 &&
    report.vanished.length === 0 &&
    report.unreadablePoints.length === 0 &&
    report.damage.every((wound) => wound.isRepaired)
  );
}

/** Both copies of each manifest. */
async function readAllManifests(vault: Vault, index: PointIndex, damage: DamageList) {
  const points: RestorePoint[] = [];
  const unreadable: string[] = [];
  for (const ref of index.live) {
    let point: RestorePoint | null = null;
    const wounds: string[] = [];
    for (const side of COPY_SIDES) {
      const name = pointName(ref.stem, side);
      try {
        point = (await readManifest(vault, ref, name)).point;
      } catch (error) {
        if (!isWound(error)) throw error;
        wounds.push(name);
      }
    }
    if (point === null) unreadable.push(ref.stem);
    else points.push(point);
    for (const name of wounds)
      damage.add(name, 'cannot be read', point === null ? 'lost' : 'covered');
  }
  return { points, unreadable };
}

interface ReadBack {
  readonly bytes: number;
  readonly lostPacks: VerifyReport['lostPacks'];
}

/** Sizes alone. Only where something is missing are tables and lists asked what that costs. */
async function checkSizes(check: Check, points: readonly RestorePoint[]): Promise<ReadBack> {
  const missingPacks = new Map<string, string>();
  for (const point of points) {
    const missing = reportMissing(check, point);
    for (const id of missing.packs) missingPacks.set(id, 'is not there, or not with its size');
    if (missing.packs.length === 0 && missing.levels.length === 0) continue;
    await checkContent(check, point, new Map(listPresent(check, missingPacks)));
  }
  addPackDamage(check, missingPacks, () => true);
  return { bytes: 0, lostPacks: [...missingPacks.keys()].map((id) => ({ id, frames: null })) };
}

/** Packs that lie there, whoever needs them: one may stand in for another. */
function listPresent(
  { inventory }: Check,
  missing: ReadonlyMap<string, string>,
): [string, PackHoldings][] {
  return [...inventory.keys()].flatMap((name): [string, PackHoldings][] => {
    const data = parseDataName(name);
    return data?.folder === 'packs' && !missing.has(data.id) ? [[data.id, holdsAll]] : [];
  });
}

/** Every byte: packs, both copies of tables and lists, and what points need held against what is there. */
async function checkData(check: Check, points: readonly RestorePoint[]): Promise<ReadBack> {
  let bytes = 0;
  for (const point of points) reportMissing(check, point);
  const packs = await checkPacks(check, points, (more) => (bytes += more));
  const holdings = new Map([...packs].map(([id, pack]) => [id, pack.holdings]));
  const tables = new Set(points.flatMap((point) => point.tables.map(({ id }) => id)));
  const lists = new Set(points.flatMap((point) => point.lists.map(({ id }) => id)));
  const copies = { ...check.request, damage: check.damage, onBytes: check.meter.add };
  await checkCopies(copies, 'table', tables);
  await checkCopies(copies, 'list', lists);
  for (const point of points) await checkContent(check, point, holdings);
  addPackDamage(
    check,
    new Map([...packs].flatMap(([id, { detail }]) => (detail === null ? [] : [[id, detail]]))),
    (id) => packs.get(id)?.isReadable === false || (packs.get(id)?.badFrames.size ?? 0) > 0,
  );
  return { bytes, lostPacks: describeLost(check, packs) };
}

function reportMissing({ inventory, damage }: Check, point: RestorePoint): MissingParts {
  const missing = findMissingParts(inventory, point);
  for (const name of missing.copies)
    damage.add(name, 'is not there, or not with its size', 'covered');
  // Tables can be made anew from the packs; what cannot is named when the content is looked at.
  for (const name of missing.levels) damage.add(name, 'no copy is there with its size', 'covered');
  return missing;
}

/** Each pack once, however many points need it. */
async function checkPacks(
  check: Check,
  points: readonly RestorePoint[],
  onBytes: (bytes: number) => void,
): Promise<ReadonlyMap<string, PackCheck>> {
  const { vault, pool, signal } = check.request;
  const packs = new Map<string, number>(
    points.flatMap((point) => point.packs.map((pack) => [pack.id, pack.bytes] as const)),
  );
  // What stands in for a lost pack may belong to no point any more; notes are in order of age.
  for (const { content } of notesOf(check.index.notes, 'replace')) {
    const bytes = check.inventory.get(packName(content.to));
    if (packs.has(content.from) && bytes !== undefined) packs.set(content.to, bytes);
  }
  const levels = new Map(
    points
      .flatMap(({ tables, lists }) => [...tables, ...lists])
      .map(({ id, bytes }) => [id, bytes]),
  );
  const ofPacks = [...packs.values()].reduce((sum, bytes) => sum + bytes, 0);
  const total = ofPacks + [...levels.values()].reduce((sum, bytes) => sum + 2 * bytes, 0);
  check.meter.start('check', total, vault.storage.location);
  const sources = points.flatMap((point) => point.sources);
  const pageSizes = [...new Set(sources.flatMap(({ pages }) => pages?.pageSize ?? []))];
  const results = new Map<string, PackCheck>();
  const count = (bytes: number): void => {
    onBytes(bytes);
    check.meter.add(bytes);
  };
  const opener = createFrameOpener(pool);
  for (const id of packs.keys())
    results.set(id, await checkPack({ vault, opener, id, pageSizes, onBytes: count, signal }));
  return results;
}

async function checkContent(
  check: Check,
  point: RestorePoint,
  packs: ReadonlyMap<string, PackHoldings>,
): Promise<void> {
  const { vault, signal } = check.request;
  const { damage, lostFrames } = check;
  const { notes } = check.index;
  const onLost = (pack: string, frame: number): void => {
    lostFrames.set(pack, (lostFrames.get(pack) ?? new Set()).add(frame));
  };
  for (const source of point.sources) {
    signal.throwIfAborted();
    const onBytes = check.meter.add;
    const content = { vault, notes, point, source, packs, damage, onLost, onBytes, signal };
    check.affected.push(...(await checkPointContent(content)));
  }
}

/**
 * A damaged pack that no point lost anything by is healed where its content is what was hurt: what is needed lies elsewhere.
 * A hurt directory stays a wound, covered by the tables.
 */
function addPackDamage(
  check: Check,
  details: ReadonlyMap<string, string>,
  isContentHurt: (id: string) => boolean,
): void {
  const { damage, lostFrames } = check;
  for (const [id, detail] of details) {
    const kept = isContentHurt(id) ? 'healed' : 'covered';
    damage.add(packName(id), detail, lostFrames.has(id) ? 'lost' : kept);
  }
  for (const id of lostFrames.keys())
    if (!details.has(id)) damage.add(packName(id), 'does not hold what its tables say');
}

function describeLost(
  { lostFrames }: Check,
  packs: ReadonlyMap<string, PackCheck>,
): VerifyReport['lostPacks'] {
  const lost: { id: string; frames: readonly number[] | null }[] = [];
  for (const { id, isReadable, badFrames } of packs.values()) {
    const frames = new Set([...badFrames, ...(lostFrames.get(id) ?? [])]);
    if (!isReadable) lost.push({ id, frames: null });
    else if (frames.size > 0) lost.push({ id, frames: [...frames].sort((a, b) => a - b) });
  }
  return lost;
}
