// The pages of a plan out of their packs into a file: each frame read once, several on their way at once.
// Promise: a page is written only with the hash that the plan has for it. A lost one is looked for where `replace` notes
// point; what is found nowhere throws point-damaged naming the packs.
import type { FileHandle } from 'node:fs/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { packName } from '../format/object-names.ts';
import { HASH_BYTES } from '../format/page-segment.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import type { Note } from '../vault/notes.ts';
import { isWound, type ReportDamage } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import type { OpenedFrame } from '../pipeline/frame-opener.ts';
import { createPackFrames, type PackFrames } from './pack-frames.ts';
import type { PagePlan, PlannedBand, PlannedFrame, PlannedRun } from './page-plan.ts';
import { createReplacements, type SlotPlace } from './replaced-slots.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';
import { writeFully } from './write-fully.ts';

/** Frames on their way at once beyond one for each worker: being read, being written. */
const FRAMES_AHEAD = 3;
const WRITES_AT_ONCE = 64;

export interface PageFetch {
  readonly vault: Vault;
  readonly pool: ComputePool;
  readonly pointId: string;
  readonly file: { readonly pageSize: number };
  readonly notes: readonly Note[];
  readonly onBytes: (bytes: number) => void;
  readonly report: ReportDamage;
  readonly signal: AbortSignal;
}

/** A page that its frame did not give, and where else it may lie. */
interface LostPage {
  readonly page: number;
  readonly hash: Buffer;
  readonly packId: string;
  readonly elsewhere: SlotPlace[];
}

/** Resolves when every planned page is written; the number that came from elsewhere. Throws point-damaged. */
export async function fetchPages(
  request: PageFetch,
  plan: PagePlan,
  target: FileHandle,
): Promise<number> {
  const { pool, vault, signal, onBytes } = request;
  const { pageSize } = request.file;
  const frames = createPackFrames(vault, pool);
  const findReplacements = createReplacements(request.notes);
  const lost: LostPage[] = [];
  const hopeless = new Set<string>();

  const lose = (frame: PlannedFrame, run: PlannedRun, index: number): void => {
    const { packId, frame: number } = frame;
    const elsewhere = [...findReplacements({ packId, frame: number, slot: run.slot + index })];
    if (elsewhere.length === 0) hopeless.add(packName(packId));
    else lost.push({ page: run.first + index, hash: hashAt(run, index), packId, elsewhere });
  };
  const fetchFrame = async (frame: PlannedFrame): Promise<void> => {
    throwIfCancelled(signal);
    const opened = await tryOpen(request, frames, frame.packId, frame.frame);
    const right: PlannedRun[] = [];
    for (const run of frame.runs) {
      if (opened !== null && isRunRight(opened, run, pageSize)) right.push(run);
      else {
        for (let index = 0; index < run.count; index++) {
          const one = pageOfRun(run, index);
          if (opened !== null && isRunRight(opened, one, pageSize)) right.push(one);
          else lose(frame, run, index);
        }
      }
    }
    if (opened === null) return;
    await writeRuns(target, opened.content, right, pageSize, onBytes);
    opened.release();
  };

  for await (const band of plan.bands()) {
    await forEachAhead(band, frames, pool.workers + FRAMES_AHEAD, fetchFrame);
  }
  if (hopeless.size === 0) await fetchReplaced(request, frames, target, lost, hopeless);
  if (hopeless.size > 0) {
    const objects = [...hopeless];
    throw new BackupError({ code: 'point-damaged', point: request.pointId, objects });
  }
  return lost.length;
}

/** Runs `work` on all frames in order, at most `limit` at once; packs' directories are read one pack ahead. */
async function forEachAhead(
  band: PlannedBand,
  frames: PackFrames,
  limit: number,
  work: (frame: PlannedFrame) => Promise<void>,
): Promise<void> {
  const running: Promise<void>[] = [];
  let pack = -1;
  try {
    for (const frame of band.frames()) {
      if (frame.packId !== band.packIds[pack]) {
        pack += 1;
        const next = band.packIds[pack + 1];
        if (next !== undefined) frames.prepare(next);
      }
      const job = work(frame);
      job.catch(() => undefined); // thrown where it is waited for
      running.push(job);
      while (running.length >= limit) await running.shift();
    }
  } finally {
    await Promise.allSettled(running);
  }
  await Promise.all(running);
}

/** Null, and reported, when the frame is gone or not what was sealed. */
async function tryOpen(
  request: PageFetch,
  frames: PackFrames,
  packId: string,
  frame: number,
): Promise<OpenedFrame | null> {
  try {
    return await frames.open(packId, frame, request.file.pageSize);
  } catch (error) {
    if (!isWound(error)) throw error;
    request.report(packName(packId), error);
    return null;
  }
}

function isRunRight({ content, hashes }: OpenedFrame, run: PlannedRun, pageSize: number): boolean {
  if (hashes === null || (run.slot + run.count) * pageSize > content.length) return false;
  const from = run.slot * HASH_BYTES;
  return hashes.compare(run.hashes, 0, run.hashes.length, from, from + run.hashes.length) === 0;
}

/** Single pages all over the file are written many at once: one after the other, waiting takes longer than writing. */
async function writeRuns(
  target: FileHandle,
  content: Buffer,
  runs: readonly PlannedRun[],
  pageSize: number,
  onBytes: (bytes: number) => void,
): Promise<void> {
  for (let at = 0; at < runs.length; at += WRITES_AT_ONCE) {
    const some = runs.slice(at, at + WRITES_AT_ONCE);
    await Promise.all(some.map((run) => writePages(target, content, run, pageSize)));
    onBytes(some.reduce((sum, run) => sum + run.count, 0) * pageSize);
  }
}

async function writePages(
  target: FileHandle,
  content: Buffer,
  run: PlannedRun,
  pageSize: number,
): Promise<void> {
  const from = run.slot * pageSize;
  const bytes = content.subarray(from, from + run.count * pageSize);
  await writeFully(target, bytes, run.first * pageSize);
}

/** Tries the places that notes name, one round for each page's next place, each frame of a round once. */
async function fetchReplaced(
  request: PageFetch,
  frames: PackFrames,
  target: FileHandle,
  lost: readonly LostPage[],
  hopeless: Set<string>,
): Promise<void> {
  const { pageSize } = request.file;
  let open = lost;
  while (open.length > 0) {
    throwIfCancelled(request.signal);
    const missed: LostPage[] = [];
    for (const group of groupByPlace(open, hopeless)) {
      const { packId, frame } = group.place;
      const opened = await tryOpen(request, frames, packId, frame);
      for (const { page, slot } of group.pages) {
        const run = { first: page.page, count: 1, slot, hashes: page.hash };
        if (opened === null || !isRunRight(opened, run, pageSize)) missed.push(page);
        else await writeRuns(target, opened.content, [run], pageSize, request.onBytes);
      }
      opened?.release();
    }
    open = missed;
  }
}

interface ReplacedFrame {
  readonly place: SlotPlace;
  readonly pages: { readonly page: LostPage; readonly slot: number }[];
}

/** Takes the next place of each page; one without any more makes its pack hopeless. */
function groupByPlace(open: readonly LostPage[], hopeless: Set<string>): ReplacedFrame[] {
  const groups = new Map<string, ReplacedFrame>();
  for (const page of open) {
    const place = page.elsewhere.shift();
    if (place === undefined) {
      hopeless.add(packName(page.packId));
      continue;
    }
    const key = `${place.packId} ${place.frame}`;
    const group = groups.get(key) ?? { place, pages: [] };
    group.pages.push({ page, slot: place.slot });
    groups.set(key, group);
  }
  return [...groups.values()];
}

function pageOfRun(run: PlannedRun, index: number): PlannedRun {
  return { first: run.first + index, count: 1, slot: run.slot + index, hashes: hashAt(run, index) };
}

function hashAt(run: PlannedRun, index: number): Buffer {
  return run.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}
