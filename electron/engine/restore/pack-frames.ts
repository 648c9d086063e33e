// Frames of packs, opened on the compute pool: one read each, several on their way at once.
// Promise: a frame that comes back is authentic; what is wrong with one throws object-damaged or object-missing.
import type { ComputePool } from '../pipeline/compute-pool.ts';
import { createFrameOpener, type OpenedFrame } from '../pipeline/frame-opener.ts';
import { openPack, type PackReader } from '../vault/pack-reader.ts';
import type { Vault } from '../vault/vault.ts';

/** Directories kept: the pack being read, the next one, and a few that replacements lie in. */
const OPEN_PACKS = 4;

export interface PackFrames {
  /** Begins to read a pack's directory. */
  prepare(packId: string): void;
  directory(packId: string): Promise<PackReader['directory']>;
  /** With a page size the pages are hashed on the way. */
  open(packId: string, frame: number, pageSize: number | null): Promise<OpenedFrame>;
}

/** Frames of any pack of the vault. */
export function createPackFrames(vault: Vault, pool: ComputePool): PackFrames {
  const readers = new Map<string, Promise<PackReader>>();
  const opener = createFrameOpener(pool);

  const readerOf = async (packId: string): Promise<PackReader> => {
    const known = readers.get(packId);
    const reader = known ?? openPack(vault, packId);
    readers.delete(packId);
    readers.set(packId, reader);
    if (known === undefined) {
      reader.catch(() => undefined); // thrown to whoever asks for a frame
      for (const id of readers.keys()) if (readers.size > OPEN_PACKS) readers.delete(id);
    }
    return reader;
  };

  return {
    prepare: (packId) => void readerOf(packId).catch(() => undefined),
    directory: async (packId) => (await readerOf(packId)).directory,
    open: async (packId, frame, pageSize) => {
      const { object, readSealedFrame } = await readerOf(packId);
      const { header, sealed } = await readSealedFrame(frame);
      const { frameKey, name } = object;
      return opener.open({ frameKey, counter: frame, header, sealed, name, pageSize });
    },
  };
}
