// The life of a backup, top to bottom: take the turn, look at what is there, store each source, publish the manifest,
// make sure that the turn was still ours. A failure or a signal before the manifest leaves nothing but garbage.
import { mkdir } from 'node:fs/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Problem } from '../../../shared/model/failure.ts';
import type { PointId } from '../../../shared/model/ids.ts';
import type { ObjectUse, PackUse, RestorePoint } from '../../../shared/model/restore-point.ts';
import { pointStem } from '../format/object-names.ts';
import { findForeignKitFiles, restoreKit } from '../vault/emergency-kit.ts';
import { takeLease, type Lease } from '../vault/lease.ts';
import { ensureReserve } from '../vault/reserve.ts';
import { createPackWriter } from '../vault/pack-writer.ts';
import { toEntry } from '../vault/point-index.ts';
import { publishManifest } from '../vault/publish-manifest.ts';
import { newId } from '../vault/vault.ts';
import type { BackupRequest, BackupResult, PhaseTime } from './backup-request.ts';
import { healLostPages } from './heal-lost-pages.ts';
import type { BackupPlan } from './plan-backup.ts';
import { surveyVault, type Survey } from './survey-vault.ts';
import { createFrameQueue, type FrameQueue } from './frame-queue.ts';
import { findParent, matchDatabases, matchSources, type PlannedSource } from './planned-source.ts';
import { createProgressMeter, type ProgressMeter } from '../../../shared/model/progress-meter.ts';
import type { FinishedSource, StoredSource } from './source-result.ts';
import { storeSource } from './store-source.ts';
import { takeWallTime } from './wall-time.ts';

/** Makes one restore point of all sources. Throws what prevented it; problems of single sources are in the point. */
export async function runBackup(request: BackupRequest): Promise<BackupResult> {
  const { vault, signal } = request;
  const meter = createProgressMeter(vault.clock, request.onProgress);
  const stopwatch = startStopwatch(() => vault.clock.monotonicMs());
  await mkdir(request.cacheFolder, { recursive: true, mode: 0o700 });
  meter.start('inspect', null, vault.storage.location);
  await using lease = await takeLease(vault, { ...request, purpose: 'backup', waitMs: 0 });
  const survey = await surveyVault(request, lease);
  const foreignKitFiles = await findForeignKitFiles(vault.storage);
  await restoreKit(vault.storage, foreignKitFiles);
  await ensureReserve(vault.storage, vault);
  stopwatch.lap('open');

  try {
    const { made, plan, replacedSources } = await makePointOfAnyFamily({
      request,
      lease,
      survey,
      plan: survey.plan,
      meter,
      stopwatch,
    });
    await lease.confirm();
    const live = [...survey.live.map(toEntry), toEntry(made.point)];
    for (const source of made.finished) await source.commitCache();
    await lease.end(live);
    stopwatch.lap('commit');
    meter.finish();
    const fullReason = plan.kind === 'full' ? plan.reason : null;
    const stem = pointStem(made.point);
    const writtenLevels = findNewLevels(made.point, plan);
    return {
      point: made.point,
      stem,
      writtenLevels,
      fullReason,
      replacedSources,
      phases: stopwatch.phases,
      foreignKitFiles,
      healedPages: made.healedPages,
    };
  } catch (error) {
    if (signal.aborted) throw new BackupError({ code: 'cancelled' }, error);
    throw error;
  }
}

function findNewLevels(point: RestorePoint, plan: BackupPlan): readonly string[] {
  const parent = parentOf(plan);
  const old = new Set([...(parent?.tables ?? []), ...(parent?.lists ?? [])].map(({ id }) => id));
  return [...point.tables, ...point.lists].map(({ id }) => id).filter((id) => !old.has(id));
}

function parentOf(plan: BackupPlan): RestorePoint | null {
  return plan.kind === 'full' ? null : plan.parent;
}

interface Making {
  readonly request: BackupRequest;
  readonly lease: Lease;
  readonly survey: Survey;
  /** The survey's, or a full where a source turned out to be another database. */
  readonly plan: BackupPlan;
  readonly meter: ProgressMeter;
  readonly stopwatch: Stopwatch;
}

interface MadePoint {
  readonly point: RestorePoint;
  readonly healedPages: number;
  readonly finished: readonly FinishedSource[];
}

/** A source that turns out to be another database begins a new family: all sources are then stored anew. */
async function makePointOfAnyFamily(making: Making): Promise<{
  readonly made: MadePoint;
  readonly plan: BackupPlan;
  readonly replacedSources: readonly string[];
}> {
  const first = await makePoint(making);
  if ('point' in first) return { made: first, plan: making.plan, replacedSources: [] };
  const plan = { kind: 'full', reason: 'source-replaced' } as const;
  const made = await makePoint({ ...making, plan });
  if (!('point' in made)) throw new Error('a full has no parent to differ from');
  return { made, plan, replacedSources: first.replacedSources };
}

async function makePoint(
  making: Making,
): Promise<MadePoint | { readonly replacedSources: readonly string[] }> {
  const { request, lease, survey, meter, stopwatch } = making;
  const packs = createPackWriter(request.vault, lease.epoch);
  const takenAtMs = request.vault.clock.nowMs();
  const planned = matchSources(request.sources, survey.newest?.point ?? null, request.vault.random);
  const frames = createFrameQueue(packs);
  await using held = new AsyncDisposableStack();
  let mayBePublished = false;
  try {
    const { stored, problems, replacedSources } = await storeAll(making, planned, frames, held);
    if (replacedSources.length > 0) {
      await frames.drain();
      await packs.abandon();
      return { replacedSources };
    }
    stopwatch.lap('read');
    meter.start('commit', null, request.vault.storage.location);
    await frames.drain();
    const places = { placeOf: frames.placeOf, packIds: packs.ids };
    // Both to their end, also when one fails: what is given up afterwards must not be at work any more.
    const ends = await Promise.allSettled([packs.finish(), finishAll(stored, places)]);
    const [packUses, finished] = [valueOf(ends[0]), valueOf(ends[1])];
    const takenAt = await takeWallTime(
      request.vault,
      lease.epoch,
      takenAtMs,
      survey.newest?.point ?? null,
    );
    const bytesRead = stored.reduce((sum, source) => sum + source.bytesRead, 0);
    const point = describePoint(making, { finished, packUses, problems, takenAt, bytesRead });
    // Before the manifest: after a crash in between, the newest point may no longer tell that anything was lost.
    const healedPages = await healLostPages(request, lease, survey, point);
    request.signal.throwIfAborted();
    // From here on the point may exist, whatever is answered: a pack that it names is never removed again.
    mayBePublished = true;
    await publishManifest(request.vault, point, survey.live);
    return { point, healedPages, finished };
  } catch (error) {
    await frames.drain().catch(() => undefined);
    if (!mayBePublished) await packs.abandon().catch(() => undefined);
    throw error;
  }
}

/** Sources one after the other; one that cannot be read is a problem of the point, unless none is left. */
async function storeAll(
  making: Making,
  planned: readonly PlannedSource[],
  frames: FrameQueue,
  held: AsyncDisposableStack,
) {
  const { request, survey, lease, meter } = making;
  const parentPoint = parentOf(making.plan);
  const stored: StoredSource[] = [];
  const replacedSources: string[] = [];
  const problems: Problem[] = [];
  let firstError: BackupError | null = null;
  const queue = [...planned];
  for (const source of queue) {
    const parent = findParent(parentPoint, survey.newest?.point ?? null, source.id);
    try {
      const result = await storeSource({
        request,
        epoch: lease.epoch,
        planned: source,
        parent,
        frames,
        lost: survey.lost,
        meter,
      });
      stored.push(held.use(result.stored));
      queue.push(
        ...matchDatabases(
          source,
          result.databases,
          survey.newest?.point ?? null,
          request.vault.random,
        ),
      );
      if (result.stored.isReplaced) replacedSources.push(source.name);
    } catch (error) {
      request.signal.throwIfAborted();
      if (!(error instanceof BackupError) || !error.failure.code.startsWith('source-')) throw error;
      firstError ??= error;
      problems.push({ failure: error.failure, source: source.name });
    }
  }
  if (stored.length === 0)
    throw firstError ?? new BackupError({ code: 'usage', detail: 'no source was given' });
  return { stored, problems, replacedSources };
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

async function finishAll(
  stored: readonly StoredSource[],
  places: Parameters<StoredSource['finish']>[0],
) {
  const finished: FinishedSource[] = [];
  for (const source of stored) finished.push(await source.finish(places));
  return finished;
}

interface PointFacts {
  readonly finished: readonly FinishedSource[];
  readonly packUses: readonly ObjectUse[];
  readonly problems: readonly Problem[];
  readonly takenAt: RestorePoint['takenAt'];
  readonly bytesRead: number;
}

function describePoint(making: Making, facts: PointFacts): RestorePoint {
  const { request, lease, plan } = making;
  const { finished, packUses } = facts;
  const id = newId(request.vault.random) as PointId;
  const parent = parentOf(plan);
  const tableBytes = finished.reduce((sum, source) => sum + source.bytesWritten, 0);
  return {
    vaultId: request.vault.id,
    id,
    epoch: lease.epoch,
    counter: lease.nextCounter(),
    kind: plan.kind,
    parent: parent?.id ?? null,
    family: parent?.family ?? id,
    planId: request.planId,
    takenAt: facts.takenAt,
    finishedAtMs: request.vault.clock.nowMs(),
    host: request.owner.host,
    app: request.app,
    sources: finished.map((source) => source.source),
    packs: describePacks(parent, finished, packUses),
    tables: finished.flatMap((source) => source.tables),
    lists: finished.flatMap((source) => source.lists),
    written: {
      packs: packUses.map((pack) => pack.id),
      bytes: tableBytes + packUses.reduce((sum, pack) => sum + pack.bytes, 0),
      readBytes: facts.bytesRead,
    },
    problems: [...facts.problems, ...finished.flatMap((source) => source.problems)],
  };
}

/** The parent's packs that are still referred to, then the new ones; live bytes shrink by the share of pages that changed. */
function describePacks(
  parent: RestorePoint | null,
  finished: readonly FinishedSource[],
  added: readonly ObjectUse[],
): readonly PackUse[] {
  const needed = new Set(finished.flatMap((source) => source.packs));
  const superseded =
    finished.length === 0 ? 0 : Math.max(...finished.map((source) => source.supersededShare));
  const old = (parent?.packs ?? [])
    .filter((pack) => needed.has(pack.id))
    .map((pack) => ({ ...pack, liveBytes: Math.round(pack.liveBytes * (1 - superseded)) }));
  const fresh = added.map((pack) => ({ ...pack, liveBytes: pack.bytes }));
  return [...old, ...fresh];
}

interface Stopwatch {
  readonly phases: readonly PhaseTime[];
  lap(phase: PhaseTime['phase']): void;
}

function startStopwatch(monotonicMs: () => number): Stopwatch {
  const phases: PhaseTime[] = [];
  let lastMs = monotonicMs();
  return {
    phases,
    lap(phase) {
      const nowMs = monotonicMs();
      phases.push({ phase, ms: nowMs - lastMs });
      lastMs = nowMs;
    },
  };
}
