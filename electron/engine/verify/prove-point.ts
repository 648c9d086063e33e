// The read-back that "proved" needs: everything that a run wrote is read from the place again and authenticated.
// Within the system's page cache this proves the bytes as the system hands them out, not the surface of the disk.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { RestorePoint } from '../../../shared/model/restore-point.ts';
import {
  listName,
  packName,
  pointName,
  pointStem,
  tableName,
  COPY_SIDES,
} from '../format/object-names.ts';
import { HEADER_BYTES, type ObjectKind } from '../format/sealed-object.ts';
import { openFrame } from '../crypto/frame-cipher.ts';
import { giveBackMemory } from '../crypto/give-back-memory.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import { createFrameOpener } from '../pipeline/frame-opener.ts';
import { readManifest } from '../vault/point-index.ts';
import { openSealedObject } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import { checkPack } from './check-pack.ts';

export interface ProveRequest {
  readonly vault: Vault;
  readonly pool: ComputePool;
  readonly point: RestorePoint;
  /** Tables and lists that the run wrote. */
  readonly writtenLevels: readonly string[];
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Resolves with the bytes read; throws point-damaged naming what is not as it was written. */
export async function provePoint(request: ProveRequest): Promise<number> {
  const { vault, pool, point, signal } = request;
  let bytesRead = 0;
  const onBytes = (bytes: number) => {
    bytesRead += bytes;
    request.onBytes(bytes);
  };
  const bad: string[] = [];
  const check = async (object: string, read: () => Promise<void>) => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof BackupError) || !error.failure.code.startsWith('object-')) throw error;
      bad.push(object);
    }
  };
  const opener = createFrameOpener(pool);
  for (const id of point.written.packs) {
    const { detail } = await checkPack({ vault, opener, id, pageSizes: [], onBytes, signal });
    if (detail !== null) bad.push(packName(id));
  }
  const written = new Set(request.writtenLevels);
  for (const side of COPY_SIDES) {
    for (const { id } of point.tables) {
      if (written.has(id))
        await check(tableName(id, side), async () =>
          readAllFrames({ vault, kind: 'table', name: tableName(id, side), id, onBytes, signal }),
        );
    }
    for (const { id } of point.lists) {
      if (written.has(id))
        await check(listName(id, side), async () =>
          readAllFrames({ vault, kind: 'list', name: listName(id, side), id, onBytes, signal }),
        );
    }
    const name = pointName(pointStem(point), side);
    await check(name, async () => void (await readManifest(vault, point, name)));
  }
  if (bad.length > 0)
    throw new BackupError({ code: 'point-damaged', point: point.id, objects: bad });
  return bytesRead;
}

export interface ReadAllFrames {
  readonly vault: Vault;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly id: string;
  /** Told frame by frame, the whole object in the end. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Authenticates every frame of a table or list. */
export async function readAllFrames(request: ReadAllFrames): Promise<void> {
  const { vault, kind, name, id, onBytes, signal } = request;
  const object = await openSealedObject(vault, kind, name, id);
  let at = HEADER_BYTES;
  for (let counter = 0; at < object.closingOffset; counter++) {
    signal.throwIfAborted();
    const { header, sealed } = await object.readSealed(at);
    const bytes = sealed.length;
    giveBackMemory(openFrame(object.frameKey, counter, header, sealed, name));
    giveBackMemory(sealed);
    at += bytes;
    onBytes(bytes);
  }
  await object.readClosing();
  onBytes(object.bytes - at + HEADER_BYTES);
}
