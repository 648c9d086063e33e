/**
 * Runs a Node program as a process of its own and waits for its end. An abort asks it to stop, and after a while makes
 * it; nothing that was started here outlives the promise.
 */
import { spawn } from 'node:child_process';

/** Between the request to stop and the end by force. */
const patienceMs = 5_000;

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface ProcessResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start of the process to its end. */
  readonly ms: number;
}

/** `args` begin with the program's file. Throws the abort's reason when aborted. */
export async function runProcess(
  args: readonly string[],
  { cwd, env, signal }: ProcessOptions,
): Promise<ProcessResult> {
  signal.throwIfAborted();
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (part: Buffer) => stdout.push(part));
  child.stderr.on('data', (part: Buffer) => stderr.push(part));
  let force: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    force = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    return {
      exitCode,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
      ms: performance.now() - startedMs,
    };
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(force);
  }
}
