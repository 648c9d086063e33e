/** Starts a second process that holds a database open and runs SQL on command. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export type SqlitePeer = {
  readonly pid: number;
  /** Rows as arrays; rejects with SQLite's error. Several statements at once give no rows. */
  run(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** As a crash: nothing is closed. */
  kill(): Promise<void>;
  /** Closes its connection and ends. */
  close(): Promise<void>;
};

const program = fileURLToPath(new URL('./sqlite-peer.ts', import.meta.url));

/** The process ends with the running test at the latest. */
export function startSqlitePeer(path: string): SqlitePeer {
  const child = spawn(process.execPath, [program, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };
  onTestFinished(kill);
  return {
    pid: child.pid ?? 0,
    run: async (sql) => {
      const answer = new Promise<string>((resolve) => waiting.push(resolve));
      child.stdin.write(`${JSON.stringify({ sql })}\n`);
      const line = await Promise.race([answer, closed.then(() => '{"error":"it ended"}')]);
      const reply = JSON.parse(line) as { rows?: (readonly unknown[])[]; error?: string };
      if (reply.rows === undefined) throw new Error(reply.error);
      return reply.rows;
    },
    kill,
    close: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
