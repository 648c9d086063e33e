/** Starts the program that has files open, as a second process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('./hold-file.ts', import.meta.url));

export type FileHolder = {
  /** From now on it lets the file go after its time. */
  letGoSoon(): void;
  /** Ends it at once: Windows closes what it had open. */
  end(): Promise<void>;
};

/** Resolves once the file is held; `ms` 0: until `end`. */
export async function holdFile(path: string, ms: number): Promise<FileHolder> {
  const { child, end } = await start(['one', path, `${ms}`]);
  return { letGoSoon: () => void child.stdin?.write('\n'), end };
}

export type Scanner = {
  /** Ends it and tells how many files it had open. */
  stop(): Promise<number>;
};

/** Holds every file that appears in a folder for so long. */
export async function startScanner(folder: string, ms: number): Promise<Scanner> {
  const { child, lines } = await start(['every', folder, `${ms}`]);
  return {
    async stop() {
      const said = once(lines, 'line') as Promise<[string]>;
      child.stdin?.end();
      return Number((await said)[0]);
    },
  };
}

async function start(args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const end = async (): Promise<void> => {
    child.kill();
    await closed;
  };
  onTestFinished(end);
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  await Promise.race([once(lines, 'line'), closed.then(() => Promise.reject(new Error('ended')))]);
  return { child, lines, end };
}
