// What a backup finds before it stores anything: live points, missing parts, late points, and from that its plan.
// Repairs only add: second copies of manifests and key headers, and late points whose parts are all there.
import type { RestorePoint } from '../../../shared/model/restore-point.ts';
import { COPY_SIDES, pointName } from '../format/object-names.ts';
import { MAX_OBJECT_BYTES } from '../format/sealed-object.ts';
import { findMissingParts, takeInventory, type Inventory } from '../vault/inventory.ts';
import { finishKeyChange } from '../vault/key-generations.ts';
import type { Lease } from '../vault/lease.ts';
import { collectLostFrames, type LostFrames } from '../vault/lost-frames.ts';
import { writeNote } from '../vault/notes.ts';
import { tryLoadManifest, type PointRef } from '../vault/point-index.ts';
import type { BackupRequest } from './backup-request.ts';
import { planBackup, type BackupFacts, type BackupPlan } from './plan-backup.ts';

/** A full is worth planning for if twice the newest full's bytes are free. */
const FULL_ROOM_FACTOR = 2;

export interface SurveyedPoint {
  readonly ref: PointRef;
  readonly point: RestorePoint;
}

export interface Survey {
  readonly plan: BackupPlan;
  /** Live points, late ones that were adopted included. */
  readonly live: readonly PointRef[];
  readonly newest: SurveyedPoint | null;
  readonly lost: LostFrames;
}

export async function surveyVault(request: BackupRequest, lease: Lease): Promise<Survey> {
  const { vault } = request;
  await finishKeyChange(vault, request.report);
  const inventory = await takeInventory(vault);
  const adopted = await adoptLatePoints(request, lease, inventory);
  const live = [...lease.points.live, ...adopted].sort(
    (a, b) => a.epoch - b.epoch || a.counter - b.counter,
  );
  const newest = await loadLast(request, live, () => true);
  const needsFull = request.kind === 'differential';
  const newestFull = needsFull
    ? await loadLast(request, live, (point) => point.kind === 'full')
    : null;
  const missing = newest === null ? null : findMissingParts(inventory, newest.point);
  const fullMissing = newestFull === null ? null : findMissingParts(inventory, newestFull.point);
  const missingPacks = [...(missing?.packs ?? []), ...(fullMissing?.packs ?? [])];
  const lost = collectLostFrames(lease.points.notes, missingPacks);
  if (newest !== null) await completeCopies(request, newest.ref);
  const facts: BackupFacts = {
    wanted: request.kind,
    nowMs: vault.clock.nowMs(),
    newest:
      newest === null || missing === null
        ? null
        : {
            point: newest.point,
            areLevelsThere: missing.levels.length === 0,
            areBytesThere: isWhole(newest.point, lost),
          },
    newestFull:
      newestFull === null || fullMissing === null
        ? null
        : { point: newestFull.point, areLevelsThere: fullMissing.levels.length === 0 },
    family: newest === null ? null : await describeFamily(request, live, newest.point),
    fullFits: await hasRoomForFull(request, newest?.point ?? null),
  };
  return { plan: planBackup(facts), live, newest, lost };
}

function isWhole(point: RestorePoint, lost: LostFrames): boolean {
  return lost.isEmpty || !point.packs.some((pack) => lost.touches(pack.id));
}

/** The newest point that can be read and satisfies `accepts`. */
async function loadLast(
  request: BackupRequest,
  live: readonly PointRef[],
  accepts: (point: RestorePoint) => boolean,
): Promise<SurveyedPoint | null> {
  for (const ref of [...live].reverse()) {
    const loaded = await tryLoadManifest(request.vault, ref, request.report);
    if (loaded !== null && accepts(loaded.point)) return { ref, point: loaded.point };
  }
  return null;
}

async function describeFamily(
  request: BackupRequest,
  live: readonly PointRef[],
  newest: RestorePoint,
): Promise<BackupFacts['family']> {
  const start = live.findIndex((ref) => ref.id === newest.family);
  const full = start < 0 ? undefined : live[start];
  const loaded =
    full === undefined ? null : await tryLoadManifest(request.vault, full, request.report);
  if (loaded === null) return null; // the full was forgotten: its age is unknown, its dead share still counts
  return { points: live.length - start, startedAtMs: loaded.point.takenAt.ms };
}

async function hasRoomForFull(
  request: BackupRequest,
  newest: RestorePoint | null,
): Promise<boolean> {
  if (newest === null) return true;
  const free = await request.vault.storage.freeBytes();
  const needed = newest.packs.reduce((sum, pack) => sum + pack.liveBytes, 0);
  return free === null || free > needed * FULL_ROOM_FACTOR;
}

/** A point published by a writer that had lost its turn is adopted once all its parts are seen. */
async function adoptLatePoints(
  request: BackupRequest,
  lease: Lease,
  inventory: Inventory,
): Promise<readonly PointRef[]> {
  const whole: PointRef[] = [];
  for (const ref of lease.points.late) {
    const loaded = await tryLoadManifest(request.vault, ref, request.report);
    if (loaded === null) continue;
    const missing = findMissingParts(inventory, loaded.point);
    if (missing.packs.length === 0 && missing.levels.length === 0) whole.push(ref);
  }
  if (whole.length > 0)
    await writeNote(request.vault, lease, { what: 'adopt', points: whole.map((ref) => ref.stem) });
  return whole;
}

/** A crash between the two copies of a manifest left one. */
async function completeCopies(request: BackupRequest, ref: PointRef): Promise<void> {
  const [side] = ref.sides;
  if (ref.sides.length !== 1 || side === undefined) return;
  const { storage } = request.vault;
  const bytes = await storage.readWhole(pointName(ref.stem, side), MAX_OBJECT_BYTES.manifest);
  for (const missing of COPY_SIDES) {
    if (missing !== side) await storage.put(pointName(ref.stem, missing), bytes);
  }
}
