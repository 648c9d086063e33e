// Frees what no restore point needs: first a published condemnation, days later the removal, references recomputed each time.
// Refuses as soon as anything cannot be read. Removes dead writers' temporary files and outlived small records on the way.
import {
  COPY_SIDES,
  listName,
  packName,
  parseDataName,
  parseLeaseName,
  parsePointName,
  parsePointStem,
  tableName,
} from '../format/object-names.ts';
import { takeInventory, type Inventory } from '../vault/inventory.ts';
import type { Lease } from '../vault/lease.ts';
import { notesOf, writeNote } from '../vault/notes.ts';
import { readPointIndex, toEntry, type PointIndex } from '../vault/point-index.ts';
import type { Vault } from '../vault/vault.ts';
import { findOutlivedNotes } from './outlived-notes.ts';
import { planPrune, SETTLE_MS, type PrunePlan } from './plan-prune.ts';
import { collectReferences } from './references.ts';

/** A single small write takes no longer than this; an older temporary file of one was left by a crash. */
const SMALL_WRITE_MAX_MS = 3600 * 1000;
/** Ended turns whose records stay, for people who look. */
const KEPT_TURNS = 32;

export interface PruneReport {
  readonly condemnedObjects: number;
  readonly condemnedBytes: number;
  readonly removedObjects: number;
  readonly freedBytes: number;
  readonly removedTemporaryFiles: number;
  readonly waiting: PrunePlan['waiting'];
  readonly restartedGrace: boolean;
}

interface Prune {
  readonly vault: Vault;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

/** Throws prune-refused. The caller holds the lease; it is ended here. */
export async function runPrune(prune: Prune): Promise<PruneReport> {
  const { vault, lease } = prune;
  const first = await survey(prune);
  const condemned = await condemn(prune, first.index, first.plan, first.inventory);
  let removed = { objects: 0, bytes: 0 };
  if (first.plan.due.length > 0) {
    await vault.clock.sleep(SETTLE_MS, prune.signal);
    const again = await survey(prune);
    removed = await removeDue(prune, again.plan, again);
  }
  const removedTemporaryFiles = await removeDeadTemporaryFiles(prune);
  await removeOutlivedRecords(prune, first.index);
  await lease.end(first.index.live.map(toEntry));
  return {
    condemnedObjects: condemned.objects,
    condemnedBytes: condemned.bytes,
    removedObjects: removed.objects,
    freedBytes: removed.bytes,
    removedTemporaryFiles,
    waiting: first.plan.waiting,
    restartedGrace: first.plan.restart.length > 0,
  };
}

interface PruneSurvey {
  readonly index: PointIndex;
  readonly inventory: Inventory;
  readonly plan: PrunePlan;
  readonly references: Awaited<ReturnType<typeof collectReferences>>;
}

async function survey({ vault }: Prune): Promise<PruneSurvey> {
  vault.memory.clear(); // what is judged is what lies there now
  const wounds: string[] = [];
  const index = await readPointIndex(vault, (object) => wounds.push(object));
  const references = await collectReferences(vault, index, wounds);
  const inventory = await takeInventory(vault);
  const condemned = notesOf(index.notes, 'condemn');
  const newestThen = new Map(
    condemned.map(({ name, content }) => [
      name,
      content.newest === null ? null : parsePointStem(content.newest),
    ]),
  );
  const plan = planPrune({
    nowMs: vault.clock.nowMs(),
    storageNowMs: await vault.storage.clockMs(),
    condemned,
    newest: index.live.at(-1) ?? null,
    newestThen,
    present: idsOf(inventory),
    references,
  });
  return { index, inventory, plan, references };
}

function idsOf(inventory: Inventory) {
  const ids = { packs: new Set<string>(), tables: new Set<string>(), lists: new Set<string>() };
  for (const name of inventory.keys()) {
    const parsed = parseDataName(name);
    if (parsed !== null) ids[parsed.folder].add(parsed.id);
  }
  return ids;
}

/** Names of all files of condemned ids. */
function namesOf(objects: {
  readonly packs: readonly string[];
  readonly tables: readonly string[];
  readonly lists: readonly string[];
}): string[] {
  return [
    ...objects.packs.map(packName),
    ...objects.tables.flatMap((id) => COPY_SIDES.map((side) => tableName(id, side))),
    ...objects.lists.flatMap((id) => COPY_SIDES.map((side) => listName(id, side))),
  ];
}

async function condemn(prune: Prune, index: PointIndex, plan: PrunePlan, inventory: Inventory) {
  const { vault, lease } = prune;
  const names = namesOf(plan.condemn).filter((name) => inventory.has(name));
  if (names.length > 0) {
    await writeNote(vault, lease, {
      what: 'condemn',
      ...plan.condemn,
      packs: [...plan.condemn.packs],
      tables: [...plan.condemn.tables],
      lists: [...plan.condemn.lists],
      notes: [],
      atMs: vault.clock.nowMs(),
      storageAtMs: await vault.storage.clockMs(),
      newest: index.live.at(-1)?.stem ?? null,
    });
  }
  for (const name of plan.restart) await vault.storage.remove(name);
  return {
    objects: names.length,
    bytes: names.reduce((sum, name) => sum + (inventory.get(name) ?? 0), 0),
  };
}

/** Only what was condemned, is still there, and is still needed by nobody. */
async function removeDue(prune: Prune, plan: PrunePlan, now: PruneSurvey) {
  const { vault, lease, signal } = prune;
  let objects = 0;
  let bytes = 0;
  for (const { name: note, content } of plan.due) {
    const unneeded = {
      packs: content.packs.filter((id) => !now.references.packs.has(id)),
      tables: content.tables.filter((id) => !now.references.tables.has(id)),
      lists: content.lists.filter((id) => !now.references.lists.has(id)),
    };
    await lease.confirm();
    for (const name of namesOf(unneeded)) {
      signal.throwIfAborted();
      const size = now.inventory.get(name);
      if (size === undefined) continue;
      await vault.storage.remove(name);
      objects += 1;
      bytes += size;
    }
    await vault.storage.remove(note);
  }
  return { objects, bytes };
}

/** Temporary files of epochs before ours, whose writers have lost the right to finish them; epoch 0 is of single small writes. */
async function removeDeadTemporaryFiles({ vault, lease }: Prune): Promise<number> {
  const temporary = await vault.storage.listTemporary();
  if (temporary.length === 0) return 0;
  const nowMs = await vault.storage.clockMs();
  let removed = 0;
  for (const { name, modifiedAtMs } of temporary) {
    const epoch = Number.parseInt(/tmp-([0-9a-f]{8})-/.exec(name)?.[1] ?? '', 16);
    const isDead = epoch === 0 ? nowMs - modifiedAtMs > SMALL_WRITE_MAX_MS : epoch < lease.epoch;
    if (!isDead) continue;
    await vault.storage.removeTemporary(name);
    removed += 1;
  }
  return removed;
}

/** Records of turns long ended, manifests that a crash left of forgotten points, and notes that say nothing any more. */
async function removeOutlivedRecords({ vault, lease }: Prune, index: PointIndex): Promise<void> {
  // Before the notes that forget them: without its note such a manifest would be a late point.
  for (const { name } of await vault.storage.list('points')) {
    const point = parsePointName(name);
    if (point !== null && index.forgotten.has(point.stem)) await vault.storage.remove(name);
  }
  for (const name of index.leases.names) {
    const file = parseLeaseName(name);
    const isOld = file !== null && file.epoch < lease.epoch - KEPT_TURNS;
    const isDeadBeat = file?.kind === 'heartbeat' && file.epoch < lease.epoch;
    if (isOld || isDeadBeat) await vault.storage.remove(name);
  }
  for (const name of findOutlivedNotes(index, lease.epoch)) await vault.storage.remove(name);
}
