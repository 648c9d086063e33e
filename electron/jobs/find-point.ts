// From what a person writes to a restore point: `latest`, an id or its beginning, or a moment.
// Promise: what was kept before a restore in place is found by its id alone, for it is the state that somebody wanted gone.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { collectLostFrames } from '../engine/vault/lost-frames.ts';
import {
  loadManifest,
  readPointIndex,
  tryLoadManifest,
  type PointIndex,
  type PointRef,
} from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { createSafetyPointJudge } from './safety-points.ts';

/** `id` may be a beginning of one, at least four digits. */
export type WantedPoint =
  | { readonly kind: 'latest' }
  | { readonly kind: 'id'; readonly id: string }
  /** The newest one taken at or before this moment. */
  | { readonly kind: 'before'; readonly atMs: number };

export interface FoundPoint {
  readonly ref: PointRef;
  readonly point: RestorePoint;
  readonly index: PointIndex;
}

/**
 * Finds it; `latest` and `before` mean backups, and pass over those that are known to be damaged. Throws point-missing, and
 * point-damaged when nothing but damaged ones is left.
 */
export async function findPoint(
  engine: Engine,
  vault: Vault,
  wanted: WantedPoint,
): Promise<FoundPoint> {
  const { report } = engine.vaults;
  const index = await readPointIndex(vault, report);
  if (wanted.kind === 'id') {
    const ref = refOf(index, wanted.id);
    return { ref, point: (await loadManifest(vault, ref, report)).point, index };
  }
  const damaged: PointRef[] = [];
  for await (const { ref, point, isDamaged } of readCandidates(engine, vault, index, wanted)) {
    if (point !== null && !isDamaged) return { ref, point, index };
    damaged.push(ref);
    engine.notify({ kind: 'point-passed-over', point: ref.id });
  }
  const [newest] = damaged;
  if (newest === undefined) {
    throw new BackupError({ code: 'point-missing', point: nameOf(wanted) });
  }
  const objects = [`points/${newest.stem}`];
  throw new BackupError({ code: 'point-damaged', point: newest.id, objects });
}

interface Candidate {
  readonly ref: PointRef;
  /** Null: its manifest cannot be read. */
  readonly point: RestorePoint | null;
  readonly isDamaged: boolean;
}

/** What can be meant, newest first. */
async function* readCandidates(
  engine: Engine,
  vault: Vault,
  index: PointIndex,
  wanted: Exclude<WantedPoint, { kind: 'id' }>,
): AsyncGenerator<Candidate> {
  const lost = collectLostFrames(index.notes, []);
  const isSafetyPoint = createSafetyPointJudge(engine, vault, index.live);
  for (const ref of [...index.live].reverse()) {
    const point = (await tryLoadManifest(vault, ref, engine.vaults.report))?.point ?? null;
    if (point !== null) {
      if (wanted.kind === 'before' && !wasTakenBefore(point, wanted.atMs)) continue;
      if (await isSafetyPoint(ref, point)) continue;
    }
    const isDamaged = point === null || point.packs.some((pack) => lost.touches(pack.id));
    yield { ref, point, isDamaged };
  }
}

/** A time that is not to be trusted is not asked. */
function wasTakenBefore(point: RestorePoint, atMs: number): boolean {
  return !point.takenAt.doubtful && point.takenAt.ms <= atMs;
}

function refOf(index: PointIndex, id: string): PointRef {
  const matches = index.live.filter((ref) => ref.id.startsWith(id));
  const [match] = matches;
  if (match === undefined || matches.length > 1) {
    throw new BackupError({ code: 'point-missing', point: id });
  }
  return match;
}

function nameOf(wanted: Exclude<WantedPoint, { kind: 'id' }>): string {
  return wanted.kind === 'before' ? new Date(wanted.atMs).toISOString() : 'latest';
}
