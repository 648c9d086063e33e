// From what a person writes to a restore point: `latest`, an id or its beginning, or a moment.
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

/** Finds it; `latest` and `before` pass over points that are known to be damaged. Throws point-missing, point-damaged. */
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
  const lost = collectLostFrames(index.notes, []);
  for (const ref of [...index.live].reverse()) {
    const loaded = await tryLoadManifest(vault, ref, report);
    if (loaded === null) continue;
    const { point } = loaded;
    if (wanted.kind === 'before' && !wasTakenBefore(point, wanted.atMs)) continue;
    if (!point.packs.some((pack) => lost.touches(pack.id))) return { ref, point, index };
    engine.notify({ kind: 'point-passed-over', point: point.id });
  }
  throw new BackupError({ code: 'point-missing', point: nameOf(wanted) });
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

function nameOf(wanted: WantedPoint): string {
  if (wanted.kind === 'before') return new Date(wanted.atMs).toISOString();
  return wanted.kind === 'id' ? wanted.id : 'latest';
}
