// The storage interface and its promises. Every implementation passes `test/conformance/storage.suite.ts`.
// Names are `/`-separated, relative, of [A-Za-z0-9._-]; folders come into being with their first object.
// Failures are BackupErrors: place-missing, place-unreachable, place-read-only, place-full, object-missing,
// object-damaged (also for what is no name, or no plain file), object-exists, blocked-by-other-program.
// Nothing here knows of keys or formats.

export interface StoredObject {
  readonly name: string;
  readonly size: number;
  /** Time of last change by the storage's clock. */
  readonly modifiedAtMs: number;
}

/** Receives the bytes of one object; nothing is visible under the final name before `publish`. */
export interface ObjectWriter {
  /** Appends, in the order of the calls; resolves when the bytes may be reused. After a failure every further call fails. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the object durable under its final name; resolves only then. Throws object-exists if the name exists. */
  publish(): Promise<void>;
  /** Removes what was written; nothing after `publish` succeeded. Safe to call twice, after a failure too. */
  abandon(): Promise<void>;
}

export interface Storage {
  /** For messages: where this is. */
  readonly location: string;
  /** All published objects under a folder, at any depth (`''` for all); complete, or it throws. Temporary files are left out. */
  list(folder: string): Promise<readonly StoredObject[]>;
  /** Exactly `length` bytes at `offset`; throws object-missing, or object-damaged when the object is shorter. */
  read(name: string, offset: number, length: number): Promise<Buffer>;
  /** The whole object; refuses (object-damaged) one larger than `maxBytes`. */
  readWhole(name: string, maxBytes: number): Promise<Buffer>;
  /** Size, or null when it is not there. */
  size(name: string): Promise<number | null>;
  /** Durable under its final name when it resolves. Throws object-exists if the name exists with other bytes; equal bytes are a success. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Creates the object if no such name exists: true, or false when somebody else has it. Exactly one of many callers
   * gets true. Where the place has no hard links, a reader may see the object short until this resolves.
   */
  putExclusive(name: string, bytes: Uint8Array): Promise<boolean>;
  /** Starts an object of unknown length. `temporaryTag` (letters and digits, at most 16) stands in the temporary name (the writer's epoch). */
  startWriter(name: string, temporaryTag: string): Promise<ObjectWriter>;
  /** Removes an object; one that is not there is a success. Durable in no particular time. */
  remove(name: string): Promise<void>;
  /** Temporary files: `tmp-<tag>-<hex>`, for the holder of the lease to tidy up. Tag 00000000: of a `put` or probe, short-lived. */
  listTemporary(): Promise<readonly StoredObject[]>;
  /** Removes a temporary file named by `listTemporary`. */
  removeTemporary(name: string): Promise<void>;
  /** Free bytes for this user, or null when the storage cannot tell. */
  freeBytes(): Promise<number | null>;
  /** The storage's own clock: time of change of a probe object written now. */
  clockMs(): Promise<number>;
}
