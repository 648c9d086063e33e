// A restore point as a plain ZIP that every system opens: streamed, Zip64 where it must be, names in UTF-8. It is not
// sealed, and a note inside says so in two languages.
// Promise: the file appears whole or not at all, never over another, and holds exactly the bytes that were announced.
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { callbackify } from 'node:util';
import { ZipArchive } from 'archiver';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { EXPORT_WARNING_NAME, EXPORT_WARNING_TEXT } from '../../../shared/text/export-warning.ts';
import { writeNewFile } from './new-file.ts';
import { createEntryNames } from './zip-entry-name.ts';

/** One file for the archive. */
export interface ZipEntry {
  /** Relative, `/`-separated. */
  readonly path: string;
  /** Bytes that `open` will give. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly mode: number;
  open(): AsyncIterable<Uint8Array>;
}

export interface WriteZipOptions {
  /** Date of the note inside. */
  readonly nowMs: number;
  /** Called with every piece of content: bytes taken in so far, and the file. */
  readonly onProgress?: ((bytesDone: number, path: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenZip {
  /** Without the note. */
  readonly files: number;
  readonly contentBytes: number;
  readonly fileBytes: number;
}

/** Fastest deflate: an export is made once and thrown away, and the machine is in use. */
const DEFLATE_LEVEL = 1;
/** Up to here a file is taken in at once: a stream for each of tens of thousands of letters costs more than they do. */
const SMALL_BYTES = 64 * 1024;
/** Shorter content does not become shorter. */
const LEAST_DEFLATED_BYTES = 128;
/** Gathered before a write to the file holds the archiver back. */
const SINK_BYTES = 1024 * 1024;

/**
 * Writes `entries` to the new file `file`. Throws target-exists, target-refused (unsafe name, folder not writable),
 * place-full, restore-differs (an entry has other bytes than announced), cancelled, and what `entries` throw.
 */
export async function writeZip(
  entries: AsyncIterable<ZipEntry>,
  file: string,
  options: WriteZipOptions,
): Promise<WrittenZip> {
  const counts = { files: 0, contentBytes: 0, fileBytes: 0 };
  await writeNewFile(file, (handle) => fillFile(handle, entries, file, options, counts));
  return counts;
}

type Counts = { -readonly [Key in keyof WrittenZip]: WrittenZip[Key] };

/** All failures meet in `stop`: after one, the archiver is left alone, since it does not come to an end by itself. */
async function fillFile(
  handle: FileHandle,
  entries: AsyncIterable<ZipEntry>,
  file: string,
  options: WriteZipOptions,
  counts: Counts,
): Promise<void> {
  const stop = new AbortController();
  const fail = (error: unknown): void => stop.abort(error);
  // Times in a ZIP are local time by definition.
  const archive = new ZipArchive({ zlib: { level: DEFLATE_LEVEL }, forceLocalTime: true });
  const sink = createSink(handle, counts);
  archive.on('error', fail);
  sink.on('error', fail);
  archive.pipe(sink);
  try {
    const isWritten = once(sink, 'finish', { signal: stop.signal });
    isWritten.catch(fail);
    await appendAll(archive, entries, file, options, counts, stop);
    archive.finalize().catch(fail);
    await isWritten;
  } catch (error) {
    // What broke first is the reason; what it broke tells only of an abort.
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    stop.abort();
    archive.destroy();
    sink.destroy();
  }
}

async function appendAll(
  archive: ZipArchive,
  entries: AsyncIterable<ZipEntry>,
  file: string,
  options: WriteZipOptions,
  counts: Counts,
  stop: AbortController,
): Promise<void> {
  const nameOf = createEntryNames(file);
  const note = Buffer.from(EXPORT_WARNING_TEXT);
  await append(archive, note, nameOf(EXPORT_WARNING_NAME), options.nowMs, 0o644, stop.signal);
  for await (const entry of entries) {
    const name = nameOf(entry.path);
    const bytes = readEntry(entry, file, options, counts);
    const content =
      entry.size <= SMALL_BYTES
        ? Buffer.concat(await Array.fromAsync(bytes))
        : Readable.from(reportError(bytes, stop), { objectMode: false });
    await append(archive, content, name, entry.mtimeMs, entry.mode, stop.signal);
    counts.files += 1;
  }
}

/** The archiver never sees a source fail: it would throw the error where nobody can catch it. */
async function* reportError(
  bytes: AsyncIterable<Uint8Array>,
  stop: AbortController,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    stop.abort(error);
  }
}

/** Resolves when the archive has taken the whole entry in. */
async function append(
  archive: ZipArchive,
  content: Readable | Buffer,
  name: string,
  mtimeMs: number,
  mode: number,
  signal: AbortSignal,
): Promise<void> {
  const taken = once(archive, 'entry', { signal });
  const date = new Date(Number.isFinite(mtimeMs) ? mtimeMs : 0);
  const store = Buffer.isBuffer(content) && content.length < LEAST_DEFLATED_BYTES;
  archive.append(content, { name, date, mode: mode & 0o777, store });
  try {
    await taken;
  } finally {
    if (!Buffer.isBuffer(content)) content.destroy();
  }
}

async function* readEntry(
  entry: ZipEntry,
  file: string,
  { onProgress, signal }: WriteZipOptions,
  counts: Counts,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  refuseIfCancelled(signal);
  for await (const chunk of entry.open()) {
    refuseIfCancelled(signal);
    bytes += chunk.length;
    if (bytes > entry.size) throw sizeDiffers(entry, file, `at least ${bytes}`);
    counts.contentBytes += chunk.length;
    onProgress?.(counts.contentBytes, entry.path);
    yield chunk;
  }
  if (bytes < entry.size) throw sizeDiffers(entry, file, `only ${bytes}`);
}

function refuseIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new BackupError({ code: 'cancelled' });
}

function sizeDiffers({ path, size }: ZipEntry, file: string, found: string): BackupError {
  const detail = `${path} has ${found} bytes instead of ${size}`;
  return new BackupError({ code: 'restore-differs', path: file, detail });
}

/** The archiver hands out headers in pieces of two bytes: what has gathered is written at once. */
function createSink(handle: FileHandle, counts: Counts): Writable {
  const writeAll = async (chunks: readonly Buffer[]): Promise<void> => {
    const bytes = Buffer.concat(chunks);
    await writeFully(handle, bytes);
    counts.fileBytes += bytes.length;
  };
  return new Writable({
    highWaterMark: SINK_BYTES,
    writev: callbackify(async (chunks: readonly { readonly chunk: Buffer }[]) =>
      writeAll(chunks.map(({ chunk }) => chunk)),
    ),
  });
}

async function writeFully(handle: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, at, chunk.length - at);
    at += bytesWritten;
  }
}
