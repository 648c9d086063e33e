/**
 * Runs one program and measures it from outside, the same way for every tool: wall time here, peak memory and processor
 * time through Debian's `time`, which counts all threads and children.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Command = {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
};

export type CommandCost = {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly cpuSeconds: number;
  readonly stdout: string;
};

/** Throws, with the end of what the program said, when it does not end with 0. */
export async function measureCommand(command: Command): Promise<CommandCost> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-time-'));
  const report = join(folder, 'report');
  try {
    const timed = ['-q', '-f', '%M %U %S', '-o', report, command.program, ...command.args];
    const startedMs = performance.now();
    const stdout = await runCommand({ ...command, program: '/usr/bin/time', args: timed });
    const seconds = (performance.now() - startedMs) / 1000;
    const [kibibytes = 0, user = 0, system = 0] = readFileSync(report, 'utf8')
      .split(' ')
      .map(Number);
    return { seconds, peakBytes: kibibytes * 1024, cpuSeconds: user + system, stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Gives standard output. */
export async function runCommand({ program, args, env, cwd }: Command): Promise<string> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (part: Buffer) => stdout.push(part));
  child.stderr.on('data', (part: Buffer) => stderr.push(part));
  const ending = await new Promise<string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code === 0 ? null : `${code ?? signal}`));
  });
  const output = Buffer.concat(stdout).toString();
  if (ending === null) return output;
  const tail = `${output}\n${Buffer.concat(stderr).toString()}`.trim().slice(-2000);
  throw new Error(`${program} ${args.join(' ')} ended with ${ending}\n${tail}`);
}

/** Waits until the disk has everything, so that no tool pays for what was written before it; gives the seconds. */
export function flushDisk(): number {
  const startedMs = performance.now();
  spawnSync('sync');
  return (performance.now() - startedMs) / 1000;
}
