// Writes the packs of one run: frames in, packs of at most 256 MiB out, each ended by its directory and hashes.
// Packs are published as they fill; until a manifest names them they are garbage, so `abandon` may remove them.
import type { ObjectId } from '../../../shared/model/ids.ts';
import type { ObjectUse } from '../../../shared/model/restore-point.ts';
import type { PackedContent } from '../crypto/frame-codec.ts';
import {
  encodePackClosing,
  MAX_PACK_FRAMES,
  type PackDirectory,
  type PackFrame,
} from '../format/pack-directory.ts';
import { packName } from '../format/object-names.ts';
import { startSealedObject, type SealedStreamWriter } from './sealed-stream-writer.ts';
import { newId, type Vault } from './vault.ts';

/** Content bytes after which a pack is closed; with directory and hashes it stays below 256 MiB. */
const PACK_CONTENT_BYTES = 240 * 1024 * 1024;

/** What a frame holds, without its offset. */
export type FrameContent =
  | {
      readonly kind: 'pages';
      readonly file: PackFile;
      readonly runs: readonly (readonly [first: number, count: number])[];
      readonly hashes: Uint8Array;
    }
  | { readonly kind: 'chunks'; readonly lengths: readonly number[]; readonly hashes: Uint8Array };

export type PackFile = PackDirectory['files'][number];

/** Where a frame ended up: the index of its pack in `packs` order, and its number in it. */
export interface FramePlace {
  readonly pack: number;
  readonly frame: number;
}

export interface PackWriter {
  /** Ids of all packs so far, in order. */
  readonly ids: readonly ObjectId[];
  /** Sealed bytes written so far. */
  readonly bytes: number;
  /** Seals and writes a frame. Calls must not overlap. */
  add(content: FrameContent, packed: PackedContent, rawBytes: number): Promise<FramePlace>;
  /** Publishes the last pack; resolves with all packs and sizes, in order. */
  finish(): Promise<readonly ObjectUse[]>;
  /** Removes everything this writer wrote. */
  abandon(): Promise<void>;
}

interface OpenPack {
  readonly stream: SealedStreamWriter;
  readonly frames: PackFrame[];
  readonly files: PackFile[];
  readonly hashes: Uint8Array[];
}

/** `epoch` is the holder's: it marks temporary files. */
export function createPackWriter(vault: Vault, epoch: number): PackWriter {
  const ids: ObjectId[] = [];
  const done: ObjectUse[] = [];
  let open: OpenPack | null = null;
  let closedBytes = 0;

  const startPack = async (): Promise<OpenPack> => {
    const id = newId(vault.random) as ObjectId;
    const stream = await startSealedObject(vault, 'pack', id, [packName(id)], epoch);
    ids.push(id);
    return { stream, frames: [], files: [], hashes: [] };
  };
  const closePack = async () => {
    if (open === null) return;
    const { stream, frames, files, hashes } = open;
    const bytes = await stream.finish(encodePackClosing({ frames, files }, hashes));
    const id = ids[done.length];
    if (id !== undefined) done.push({ id, bytes });
    closedBytes += bytes;
    open = null;
  };

  return {
    ids,
    get bytes() {
      return closedBytes + (open?.stream.bytes ?? 0);
    },
    async add(content, packed, rawBytes) {
      if (open !== null && isFull(open, packed.bytes.length)) await closePack();
      open ??= await startPack();
      const { at } = await open.stream.addFrame(packed, rawBytes);
      open.frames.push(describeFrame(content, at, open.files));
      open.hashes.push(content.hashes);
      return { pack: ids.length - 1, frame: open.frames.length - 1 };
    },
    async finish() {
      await closePack();
      return done;
    },
    async abandon() {
      await open?.stream.abandon();
      open = null;
      await Promise.all(done.map(({ id }) => vault.storage.remove(packName(id))));
    },
  };
}

function isFull(pack: OpenPack, nextBytes: number): boolean {
  return (
    pack.stream.bytes + nextBytes > PACK_CONTENT_BYTES || pack.frames.length >= MAX_PACK_FRAMES
  );
}

function describeFrame(content: FrameContent, at: number, files: PackFile[]): PackFrame {
  if (content.kind === 'chunks') return { at, kind: 'chunks', lengths: [...content.lengths] };
  const { file, runs } = content;
  let index = files.findIndex((known) => known.source === file.source && known.path === file.path);
  if (index < 0) index = files.push(file) - 1;
  return { at, kind: 'pages', file: index, runs: runs.map(([first, count]) => [first, count]) };
}
