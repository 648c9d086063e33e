// What a capture in WAL mode holds open: SQLite's connection, and our own descriptors of file, log and index.
// Order: the connection is opened first and closed first; a raw descriptor closed under it would drop its locks.
import {
  type Connection,
  openConnection,
  openDescriptor,
  type RawDescriptor,
} from './descriptors.ts';
import { sideFileOf } from './side-files.ts';

/** SQLite waits for a recovery or a closing connection of another process. */
const BUSY_TIMEOUT_MS = 2_000;

/** What is open during the pass; released in this order. */
export interface WalHoldings {
  readonly connection: Connection;
  readonly file: RawDescriptor;
  readonly log: RawDescriptor;
  readonly index: RawDescriptor;
}

/** Opens them; null when the database turns out not to be in WAL mode. */
export function openWalHoldings(path: string, isReadOnly: boolean): WalHoldings | null {
  const connection = openConnection(path, { isReadOnly, busyTimeoutMs: BUSY_TIMEOUT_MS });
  const opened: RawDescriptor[] = [];
  const open = (file: string): RawDescriptor => {
    const descriptor = openDescriptor(file);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    // The first read makes log and index where they are missing.
    const mode = connection.database.pragma('journal_mode', { simple: true });
    connection.database.pragma('user_version');
    if (mode !== 'wal') {
      connection.close();
      return null;
    }
    const index = open(sideFileOf(path, '-shm'));
    return { connection, file: open(path), log: open(sideFileOf(path, '-wal')), index };
  } catch (error) {
    connection.close();
    for (const descriptor of opened) descriptor.close();
    throw error;
  }
}

/** Lets go of everything. */
export function releaseWalHoldings(holdings: WalHoldings): void {
  holdings.connection.close();
  holdings.file.close();
  holdings.log.close();
  holdings.index.close();
}
