// Writes one level of a folder list: entries in ascending path order in, sealed segments out, two copies.
import type { ObjectId } from '../../../shared/model/ids.ts';
import type { ObjectUse } from '../../../shared/model/restore-point.ts';
import { packContent } from '../crypto/frame-codec.ts';
import { encodeListEntry, type ListEntry } from '../format/list-entry.ts';
import type { ListIndex } from '../format/level-index.ts';
import { COPY_SIDES, listName } from '../format/object-names.ts';
import { startSealedObject } from './sealed-stream-writer.ts';
import { newId, type Vault } from './vault.ts';

const SEGMENT_ENTRIES = 4096;
/** A frame holds 4 MiB; lines are flushed well before. */
const SEGMENT_BYTES = 2 * 1024 * 1024;

export interface ListWriter {
  /** Ids of the packs that entries refer to by index. */
  readonly packs: string[];
  /** Adds an entry; paths ascend. Pack numbers in its chunks are indexes into `packs`. */
  add(entry: ListEntry): Promise<void>;
  finish(): Promise<ObjectUse>;
  abandon(): Promise<void>;
}

export async function createListWriter(vault: Vault, epoch: number): Promise<ListWriter> {
  const id = newId(vault.random) as ObjectId;
  const names = COPY_SIDES.map((side) => listName(id, side));
  const stream = await startSealedObject(vault, 'list', id, names, epoch);
  const packs: string[] = [];
  const segments: ListIndex['segments'] = [];
  let lines: string[] = [];
  let bytes = 0;
  let first = '';
  let last = '';

  const flush = async () => {
    if (lines.length === 0) return;
    const content = Buffer.from(lines.join(''));
    const { at } = await stream.addFrame(packContent(content), content.length);
    segments.push({ at, first, last });
    lines = [];
    bytes = 0;
  };
  return {
    packs,
    async add(entry) {
      const line = encodeListEntry(entry);
      if (lines.length >= SEGMENT_ENTRIES || bytes + line.length > SEGMENT_BYTES) await flush();
      if (lines.length === 0) first = entry.path;
      last = entry.path;
      lines.push(line);
      bytes += Buffer.byteLength(line);
    },
    async finish() {
      await flush();
      const size = await stream.finish(Buffer.from(JSON.stringify({ packs, segments })));
      return { id, bytes: size };
    },
    abandon: () => stream.abandon(),
  };
}
