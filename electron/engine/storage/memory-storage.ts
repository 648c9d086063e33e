// Objects in memory: the storage that tests run on, with the same promises and refusals as a folder.
// It also knows what of it would outlive the process or the power: a crash is taken by going on with a survivor.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Clock, RandomBytes } from '../../../shared/model/clock.ts';
import {
  parseFolderName,
  parseObjectName,
  parseTemporaryName,
  temporaryPart,
} from './object-name.ts';
import type { ObjectWriter, Storage, StoredObject } from './storage.ts';

/** The same as a folder would hold after its process, or its computer, ended here. */
export interface MemoryStorage extends Storage {
  /** What another process finds after kill -9: everything, temporary files as far as written. */
  afterKill(): MemoryStorage;
  /** What is found after a power cut: what was durable. Temporary files are empty (as ext4 leaves them); removals are not durable at once, so they are found `done` or `undone`. */
  afterPowerCut(removals: 'done' | 'undone'): MemoryStorage;
}

interface Content {
  readonly parts: readonly Buffer[];
  readonly modifiedAtMs: number;
}

interface Contents {
  readonly objects: ReadonlyMap<string, Content>;
  readonly temporary: ReadonlyMap<string, Content>;
}

export interface MemoryStorageOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Bytes that fit; no end without it. */
  readonly capacityBytes?: number;
}

/** Starts empty. */
export function createMemoryStorage(options: MemoryStorageOptions): MemoryStorage {
  return storageOf(options, { objects: new Map(), temporary: new Map() });
}

function storageOf(options: MemoryStorageOptions, contents: Contents): MemoryStorage {
  const { clock, random, capacityBytes = Number.POSITIVE_INFINITY } = options;
  const objects = new Map(contents.objects);
  const temporary = new Map(contents.temporary);
  const removed = new Map<string, Content>();
  const location = 'memory';

  const freeBytes = (): number =>
    capacityBytes - sumOf([...objects.values(), ...temporary.values()].map(sizeOf));
  const contentOf = (bytes: Uint8Array): Content => ({
    parts: [Buffer.from(bytes)],
    modifiedAtMs: clock.nowMs(),
  });
  const fullError = (length: number): Error | null =>
    length > freeBytes() ? new BackupError({ code: 'place-full', place: location }) : null;
  const make = (bytes: Uint8Array): Content => {
    const full = fullError(bytes.length);
    if (full !== null) throw full;
    return contentOf(bytes);
  };
  const publish = (name: string, content: Content): void => {
    objects.set(name, content);
    removed.delete(name);
  };
  const find = (name: string): Buffer => {
    parseObjectName(name);
    const found = objects.get(name);
    if (found === undefined) throw new BackupError({ code: 'object-missing', object: name });
    return Buffer.concat(found.parts);
  };

  const startWriter = (name: string, tag: string): ObjectWriter => {
    const folder = parseObjectName(name).slice(0, -1);
    const hidden = [...folder, temporaryPart(tag, random(8))].join('/');
    const parts: Buffer[] = [];
    temporary.set(hidden, { parts, modifiedAtMs: clock.nowMs() });
    let failure: Error | null = null;
    const assertOpen = (): void => {
      if (failure !== null) throw failure;
      if (!temporary.has(hidden)) throw new Error(`the writer of ${name} has ended`);
    };
    return {
      async write(bytes) {
        assertOpen();
        failure = fullError(bytes.length);
        assertOpen();
        parts.push(Buffer.from(bytes));
      },
      async publish() {
        assertOpen();
        if (objects.has(name)) throw nameTaken(name);
        publish(name, contentOf(Buffer.concat(parts)));
        temporary.delete(hidden);
      },
      async abandon() {
        temporary.delete(hidden);
      },
    };
  };

  return {
    location,
    async list(folder) {
      const parts = parseFolderName(folder);
      return describe(objects, parts.length === 0 ? '' : `${folder}/`);
    },
    async read(name, offset, length) {
      return cut(name, find(name), offset, length);
    },
    async readWhole(name, maxBytes) {
      const bytes = find(name);
      if (bytes.length > maxBytes) {
        throw damaged(name, `${bytes.length} bytes, more than ${maxBytes}`);
      }
      return bytes;
    },
    async size(name) {
      parseObjectName(name);
      const found = objects.get(name);
      return found === undefined ? null : sizeOf(found);
    },
    async put(name, bytes) {
      parseObjectName(name);
      if (!objects.has(name)) publish(name, make(bytes));
      else if (!find(name).equals(bytes)) throw nameTaken(name);
    },
    async putExclusive(name, bytes) {
      parseObjectName(name);
      if (objects.has(name)) return false;
      publish(name, make(bytes));
      return true;
    },
    startWriter: async (name, temporaryTag) => startWriter(name, temporaryTag),
    async remove(name) {
      parseObjectName(name);
      const found = objects.get(name);
      if (found !== undefined) removed.set(name, found);
      objects.delete(name);
    },
    listTemporary: async () => describe(temporary, ''),
    async removeTemporary(name) {
      parseTemporaryName(name);
      temporary.delete(name);
    },
    freeBytes: async () => (capacityBytes === Number.POSITIVE_INFINITY ? null : freeBytes()),
    clockMs: async () => clock.nowMs(),
    // Copies of the lists: the writers of the dead may go on appending.
    afterKill: () => storageOf(options, { objects, temporary: mapValues(temporary, frozen) }),
    afterPowerCut(removals) {
      const lost = removals === 'undone' ? removed : [];
      return storageOf(options, {
        objects: new Map([...objects, ...lost]),
        temporary: mapValues(temporary, ({ modifiedAtMs }) => ({ parts: [], modifiedAtMs })),
      });
    },
  };
}

function describe(contents: ReadonlyMap<string, Content>, prefix: string): StoredObject[] {
  return [...contents]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, content]) => ({
      name,
      size: sizeOf(content),
      modifiedAtMs: content.modifiedAtMs,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function cut(name: string, bytes: Buffer, offset: number, length: number): Buffer {
  if (offset + length > bytes.length) throw damaged(name, `ends after ${bytes.length} bytes`);
  const copy = Buffer.allocUnsafeSlow(length);
  bytes.copy(copy, 0, offset, offset + length);
  return copy;
}

function frozen({ parts, modifiedAtMs }: Content): Content {
  return { parts: [...parts], modifiedAtMs };
}

function mapValues<V>(map: ReadonlyMap<string, V>, change: (value: V) => V): Map<string, V> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

function sizeOf({ parts }: Content): number {
  return sumOf(parts.map(({ length }) => length));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function damaged(object: string, detail: string): BackupError {
  return new BackupError({ code: 'object-damaged', object, detail });
}

function nameTaken(object: string): BackupError {
  return new BackupError({ code: 'object-exists', object });
}
