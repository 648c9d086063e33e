/**
 * Another program that keeps a database to itself, so that a backup stands still in the middle for as long as a test needs:
 * nothing that a test does then races against its end.
 */
import { startSqlitePeer } from './start-sqlite-peer.ts';

/** To be loaded by the program that backs up: without it ten seconds are the longest. */
export const longPatience = new URL('./long-patience.ts', import.meta.url).href;
/** The same for a program that takes its environment from the test. */
export const longPatienceEnv = { NODE_OPTIONS: `--import=${longPatience}` };

export interface HeldDatabase {
  readonly pid: number;
  /** What was begun is stored; the program ends. */
  letGo(): Promise<void>;
}

/** Begins an exclusive transaction in a process of its own; `changes` are stored before it. Ends with the test. */
export async function holdDatabase(
  path: string,
  ...changes: readonly string[]
): Promise<HeldDatabase> {
  const peer = startSqlitePeer(path);
  for (const sql of ['PRAGMA journal_mode = DELETE', ...changes, 'BEGIN EXCLUSIVE'])
    await peer.run(sql);
  return {
    pid: peer.pid,
    async letGo() {
      await peer.run('COMMIT');
      await peer.close();
    },
  };
}
