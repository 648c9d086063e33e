/** Starts the transfer writer as a second process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type TransferProfile = 'wal' | 'appending' | 'rollback' | 'spilling' | 'switching';

export type TransferWriter = AsyncDisposable & {
  /** As a power cut for the program: nothing is closed. */
  kill(): Promise<void>;
  /** Ends it in good order; throws if it ended badly. */
  stop(): Promise<void>;
};

const program = fileURLToPath(new URL('./transfer-writer.ts', import.meta.url));

/** Resolves once the writer has the ledger open. */
export async function startTransferWriter(
  path: string,
  seed: number,
  profile: TransferProfile,
): Promise<TransferWriter> {
  const child = spawn(process.execPath, [program, path, `${seed}`, profile], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => complaints.push(part));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const failed = closed.then(([code]) => {
    throw new Error(`the writer ended (${code}): ${Buffer.concat(complaints).toString()}`);
  });
  await Promise.race([once(child.stdout, 'data'), failed]);
  failed.catch(() => undefined);
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await closed;
  };
  return {
    kill,
    stop: async () => {
      child.stdin.end();
      const [code] = await closed;
      if (code !== 0) throw new Error(`the writer failed: ${Buffer.concat(complaints).toString()}`);
    },
    [Symbol.asyncDispose]: kill,
  };
}
