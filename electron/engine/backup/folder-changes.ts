// What a folder backup found, entry by entry in path order, kept in a scratch file: a folder may have more files than fit in memory.
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { FolderEntry } from '../vault/folder-list.ts';
import type { KnownChunk } from './chunk-index.ts';

/** Writing each line by itself would cost 200,000 files as many turns of the event loop. */
const FLUSH_LENGTH = 64 * 1024;

type FileFacts = Omit<Extract<FolderEntry, { kind: 'file' }>, 'chunks'>;

/** An entry that differs from the parent's list; chunk places are still the run's own. */
export type FolderChange =
  | (FileFacts & {
      readonly chunks: readonly {
        readonly place: KnownChunk;
        readonly length: number;
        readonly hash: string;
      }[];
    })
  | Extract<FolderEntry, { kind: 'folder' | 'link' }>
  | { readonly kind: 'removed'; readonly path: string };

export interface FolderChanges extends AsyncDisposable {
  readonly count: number;
  add(change: FolderChange): Promise<void>;
  /** Another change in the place of the one that was added for its path; null leaves that out: the parent's entry stays. */
  amend(path: string, change: FolderChange | null): void;
  /** All changes in the order they were added. */
  read(): AsyncGenerator<FolderChange>;
}

/** `path` is a scratch file of this run; removed when closed. */
export async function createFolderChanges(path: string): Promise<FolderChanges> {
  const handle = await open(path, 'wx', 0o600);
  let count = 0;
  const amended = new Map<string, FolderChange | null>();
  let lines: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (lines.length > 0) await handle.write(lines.join(''));
    lines = [];
    length = 0;
  };
  return {
    get count() {
      return count - [...amended.values()].filter((change) => change === null).length;
    },
    async add(change) {
      const line = `${JSON.stringify(change)}\n`;
      lines.push(line);
      length += line.length;
      count += 1;
      if (length > FLUSH_LENGTH) await flush();
    },
    amend(path, change) {
      amended.set(path, change);
    },
    async *read() {
      await flush();
      const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
      // Written by this run to a file that only this user may open.
      for await (const line of lines) {
        const added = JSON.parse(line) as FolderChange;
        const change = amended.get(added.path);
        if (change !== null) yield change ?? added;
      }
    },
    async [Symbol.asyncDispose]() {
      await handle.close();
      await rm(path, { force: true });
    },
  };
}
