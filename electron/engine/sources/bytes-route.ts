// Captures what SQLite cannot lock for us: encrypted and foreign page files, exclusive locking, read-only folders,
// what a crash left behind. Read, wait, read again: equal over two seconds is a quiet copy.
// Promise: never opens the source through SQLite. Label and check of the copy are the caller's warning: no lock was held.
import { createHash } from 'node:crypto';
import type { CaptureLabel } from '../../../shared/model/restore-point.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import type { CaptureRoute, OpenedRoute, RouteEnd } from './capture-route.ts';
import { countPages } from './database-header.ts';
import { openDescriptor, type RawDescriptor } from './descriptors.ts';
import { findAccessLock } from './access-lock.ts';
import { findHolders } from './file-holders.ts';
import { recogniseOpenFile } from './foreign-formats.ts';
import { imageOf, type PageImage, readRun } from './page-image.ts';
import { startPass, wholeRun } from './pass-cursor.ts';
import { readJournal } from './rollback-journal.ts';
import { sideFileOf } from './side-files.ts';
import type { BytesReason } from './source-access.ts';
import { codeOf } from './source-failure.ts';
import { isSameStamp, lookAtSource, type SourceLook, stampOf } from './source-look.ts';
import { readCommittedFrames } from './wal-snapshot.ts';

/** Two equal readings count only if they lie at least this far apart: clocks of file systems tick as slowly as this. */
export const QUIET_MS = 2_000;
/** Each costs the time of two readings. */
const MOST_PASSES = 6;
/** Pages of files that have none of their own. */
const FOREIGN_PAGE_SIZE = 4_096;
const REREAD_BYTES = 4 * 1024 * 1024;
/** The thread gives way to other captures after so many pieces. */
const PIECES_PER_TURN = 8;

interface OpenedImage {
  readonly image: PageImage;
  readonly size: number;
  /** A crashed program's log or journal took part. */
  readonly isRecovered: boolean;
  readonly close: () => void;
}

/** Opens the file and what belongs over it. */
export function openBytesRoute(
  look: SourceLook,
  reason: BytesReason,
  environment: CaptureEnvironment,
): OpenedRoute {
  const file = openDescriptor(look.path);
  try {
    if (!isSameStamp(stampOf(file.fd), look.stamp)) {
      file.close();
      return { kind: 'changed', detail: 'it is being written' };
    }
    return { kind: 'open', route: startRoute(look, openImage(look, file), reason, environment) };
  } catch (error) {
    file.close();
    // A side file went between look and opening: its owner is at work.
    if (codeOf(error) === 'ENOENT') return { kind: 'changed', detail: 'it is being written' };
    throw error;
  }
}

/** The committed state as a recovery would make it: over the file lies its journal, or its log. */
function openImage(look: SourceLook, file: RawDescriptor): OpenedImage {
  return openJournalImage(look, file) ?? openLogImage(look, file) ?? openPlainImage(look, file);
}

function openJournalImage(look: SourceLook, file: RawDescriptor): OpenedImage | null {
  if (look.journal?.isInUse !== true) return null;
  const journal = openDescriptor(sideFileOf(look.path, '-journal'));
  const recovery = readJournal(journal.fd, stampOf(journal.fd).size);
  if (recovery === null) {
    journal.close();
    return null;
  }
  const { pageSize, pageCount, offsets } = recovery;
  const image = imageOf(file.fd, pageSize, pageCount, { fd: journal.fd, offsets });
  return openedWith(image, file, journal);
}

function openLogImage(look: SourceLook, file: RawDescriptor): OpenedImage | null {
  if (look.wal === null || look.wal.header === null) return null;
  const log = openDescriptor(sideFileOf(look.path, '-wal'));
  const frames = readCommittedFrames(log.fd);
  if (frames === null) {
    log.close();
    return null;
  }
  const { header, pageCount, offsets } = frames;
  const image = imageOf(file.fd, header.pageSize, pageCount, { fd: log.fd, offsets });
  return openedWith(image, file, log);
}

function openedWith(image: PageImage, file: RawDescriptor, beside: RawDescriptor): OpenedImage {
  const close = (): void => {
    file.close();
    beside.close();
  };
  return { image, size: image.pageCount * image.pageSize, isRecovered: true, close };
}

function openPlainImage(look: SourceLook, file: RawDescriptor): OpenedImage {
  const { header, stamp } = look;
  const close = (): void => file.close();
  if (header === null) {
    // Stored as its program writes it: one changed page there is one changed page here.
    const { pageSize } = recogniseOpenFile(file.fd, stamp.size, look.path);
    const size = pageSize ?? FOREIGN_PAGE_SIZE;
    const plain = imageOf(file.fd, size, Math.ceil(stamp.size / size), null);
    const image = look.hasSignature ? plain : { ...plain, lockPage: null };
    return { image, size: stamp.size, isRecovered: false, close };
  }
  const pageCount = countPages(header, stamp.size);
  const image = imageOf(file.fd, header.pageSize, pageCount, null);
  return { image, size: pageCount * header.pageSize, isRecovered: false, close };
}

function startRoute(
  look: SourceLook,
  opened: OpenedImage,
  reason: BytesReason,
  environment: CaptureEnvironment,
): CaptureRoute {
  const { image, size } = opened;
  const { pageSize, pageCount } = image;
  const cursor = startPass(wholeRun(pageCount));
  const firstHash = createHash('sha256');
  const startedAt = environment.monotonicMs();
  let isCut = false;

  const isAsSeen = (): boolean => isSameLook(look, lookAtSource(look.path));

  const hashAgain = async (): Promise<string> => {
    const hash = createHash('sha256');
    const again = startPass(wholeRun(pageCount));
    const buffer = Buffer.alloc(Math.max(REREAD_BYTES, pageSize));
    const limit = Math.floor(buffer.length / pageSize);
    for (
      let pieces = 1, run = again.take(limit)[0];
      run !== undefined;
      run = again.take(limit)[0]
    ) {
      if (!readRun(image, run, buffer, 0)) return 'cut';
      hash.update(buffer.subarray(0, run[1] * pageSize));
      if (pieces % PIECES_PER_TURN === 0) await environment.sleep(0);
      pieces += 1;
    }
    return hash.digest('hex');
  };

  const endPass = async (): Promise<RouteEnd> => {
    if (isCut || !isAsSeen())
      return { kind: 'changed', detail: 'it was written while it was read' };
    const left = startedAt + QUIET_MS - environment.monotonicMs();
    if (left > 0) await environment.sleep(left);
    const isEqual = isAsSeen() && firstHash.digest('hex') === (await hashAgain()) && isAsSeen();
    if (!isEqual) return { kind: 'changed', detail: 'it was written between two readings' };
    // Without marker: the next capture reads everything again.
    return {
      kind: 'consistent',
      label: labelOf(look, opened, reason),
      counts: null,
      areAllCounted: false,
      marker: null,
    };
  };

  return {
    state: {
      kind: look.hasSignature || look.stamp.size === 0 ? 'sqlite' : 'page-file',
      method: 'scanned',
      expectedChanges: null,
      pageSize,
      pageCount,
      size,
      mode: look.mode,
      pagesInPass: pageCount,
    },
    mostPasses: MOST_PASSES,
    nextSlice: (buffer) => {
      const runs = cursor.take(Math.floor(buffer.length / pageSize));
      const [run] = runs;
      if (run === undefined) return Promise.resolve(null);
      isCut ||= !readRun(image, run, buffer, 0);
      firstHash.update(buffer.subarray(0, run[1] * pageSize));
      return Promise.resolve({ runs, pageCount: run[1] });
    },
    endPass,
    close: opened.close,
  };
}

function labelOf(look: SourceLook, opened: OpenedImage, reason: BytesReason): CaptureLabel {
  if (!opened.isRecovered) {
    if (look.hasSignature) return 'quiet-copy';
    // Only its own program knows what it has not written yet: this is what it would find after a power cut.
    const isOpen = (findHolders(look.path) ?? []).length > 0 || findAccessLock(look.path) !== null;
    return isOpen ? 'crash-consistent' : 'quiet-copy';
  }
  if (reason === 'cut-transaction') return 'recovered-after-crash';
  // A program in exclusive locking mode has a log without an index, too: only where nobody is at work was it a crash.
  const isAbandoned = reason === 'log-without-index' && findHolders(look.path)?.length === 0;
  return isAbandoned ? 'recovered-after-crash' : 'quiet-copy';
}

function isSameLook(before: SourceLook, now: SourceLook): boolean {
  const isSame = (a: Beside, b: Beside): boolean =>
    a === null || b === null ? a === b : isSameStamp(a.stamp, b.stamp);
  return (
    isSameStamp(before.stamp, now.stamp) &&
    before.start.equals(now.start) &&
    isSame(before.wal, now.wal) &&
    isSame(before.journal, now.journal) &&
    before.wal?.header?.salts === now.wal?.header?.salts
  );
}

type Beside = { readonly stamp: SourceLook['stamp'] } | null;
