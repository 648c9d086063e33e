// Drops restore points by the keep rules: decided by one pure function, shown with reasons, then applied.
// Order: the note first, then the manifests; a crash between leaves points that are already gone for every reader.
import type { KeepRules } from '../../../shared/model/keep-rules.ts';
import { asId, type PointId, type SourceId } from '../../../shared/model/ids.ts';
import {
  planRetention,
  type Doubt,
  type Hold,
  type RetentionPlan,
  type RetentionPoint,
} from '../../../shared/model/retention.ts';
import type { RestorePoint } from '../../../shared/model/restore-point.ts';
import { COPY_SIDES, pointName } from '../format/object-names.ts';
import type { Lease } from '../vault/lease.ts';
import { collectLostFrames } from '../vault/lost-frames.ts';
import { writeNote } from '../vault/notes.ts';
import { toEntry, tryLoadManifest, type PointIndex, type PointRef } from '../vault/point-index.ts';
import type { ReportDamage } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import { listHolds } from './holds.ts';

export interface ForgetRequest {
  readonly vault: Vault;
  readonly rules: KeepRules;
  readonly zone: string;
  /** Points that a drill proved, as the history knows. */
  readonly proved: ReadonlySet<PointId>;
  /** Points that stay although no hold in the vault names them. */
  readonly needed: readonly { readonly point: PointId; readonly reason: string }[];
  /** Why nothing may go for now. */
  readonly doubts: readonly Doubt[];
  readonly report: ReportDamage;
}

export interface ForgetPlan {
  readonly plan: RetentionPlan;
  readonly points: readonly RestorePoint[];
  /** Points whose manifests cannot be read: kept. */
  readonly unreadable: readonly PointRef[];
}

/** What would go and what stays, with reasons. Nothing is changed. */
export async function planForget(request: ForgetRequest, index: PointIndex): Promise<ForgetPlan> {
  const { vault, report } = request;
  const points: RestorePoint[] = [];
  const unreadable: PointRef[] = [];
  for (const ref of index.live) {
    const loaded = await tryLoadManifest(vault, ref, report);
    if (loaded === null) unreadable.push(ref);
    else points.push(loaded.point);
  }
  const lost = collectLostFrames(index.notes, []);
  const facts = points.map((point) =>
    toRetentionPoint(point, request, (pack) => lost.touches(pack)),
  );
  const plan = planRetention(
    facts,
    request.rules,
    holdsOf(request, index),
    vault.clock.nowMs(),
    request.zone,
  );
  return { plan, points, unreadable };
}

function holdsOf(request: ForgetRequest, index: PointIndex): readonly Hold[] {
  const held = listHolds(index.notes).map((hold): Hold => ({
    kind: 'points',
    points: hold.points.map((id) => asId<PointId>(id)),
    reason: hold.reason,
  }));
  const needed = request.needed.map(({ point, reason }): Hold => ({
    kind: 'points',
    points: [point],
    reason,
  }));
  return [...held, ...needed, ...request.doubts.map((doubt): Hold => ({ kind: 'all', doubt }))];
}

function toRetentionPoint(
  point: RestorePoint,
  request: ForgetRequest,
  isLost: (pack: string) => boolean,
): RetentionPoint {
  const whole = point.sources
    .filter((source) => source.label !== 'damaged-source')
    .map((source): SourceId => source.id);
  return {
    id: point.id,
    epoch: point.epoch,
    counter: point.counter,
    kind: point.kind,
    takenAtMs: point.takenAt.ms,
    isDoubtful: point.takenAt.doubtful,
    isDamaged: point.packs.some((pack) => isLost(pack.id)),
    isProved: request.proved.has(point.id),
    sources: whole,
  };
}

/** Applies a plan made under this lease; resolves with the refs that went. */
export async function runForget(
  vault: Vault,
  lease: Lease,
  forget: ForgetPlan,
): Promise<readonly PointRef[]> {
  const going = new Set<string>(forget.plan.remove.map((entry) => entry.id));
  const refs = lease.points.live.filter((ref) => going.has(ref.id));
  if (refs.length > 0) {
    const stems = refs.map((ref) => ref.stem);
    await lease.confirm();
    await writeNote(vault, lease, { what: 'forget', points: stems, reasons: {} });
    await lease.confirm();
    for (const stem of stems)
      for (const side of COPY_SIDES) await vault.storage.remove(pointName(stem, side));
  }
  const left = lease.points.live.filter((ref) => !going.has(ref.id));
  await lease.end(left.map(toEntry));
  return refs;
}
