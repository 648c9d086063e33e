/**
 * One file system with programs on it: in a guest where this machine's kernel lacks it, else in a mount namespace of its
 * own. Nothing outlives the trial: mounts, servers and helpers end with it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FileSystem } from './file-systems.ts';
import { startGuest } from './guest.ts';
import { createLineLog, type LineLog } from './line-log.ts';

export interface Trial extends AsyncDisposable {
  readonly lines: LineLog;
}

/** Folders as the programs see them. */
export interface TrialFolders {
  /** On the file system. */
  readonly mounted: string;
  /** Not on it. */
  readonly local: string;
}

/** `program` (bash) runs once the file system is mounted; it says so with a line `@mounted TYPE`. */
export async function openTrial(
  fileSystem: FileSystem,
  program: (folders: TrialFolders) => string,
): Promise<Trial> {
  return fileSystem.where === 'guest'
    ? openInGuest(fileSystem, program)
    : openOnHost(fileSystem, program);
}

type Program = (folders: TrialFolders) => string;

function encodeTask(fileSystem: FileSystem, work: string, program: Program): string {
  const folders = { mounted: join(work, 'mounted'), local: join(work, 'local') };
  return `
W='${work}'; M='${folders.mounted}'
mkdir -p "$M" '${folders.local}'; export TMPDIR='${folders.local}'
${fileSystem.mount}
mountpoint -q "$M" || { echo "@mounted nothing"; exit 90; }
echo "@mounted $(stat -f -c %T "$M")"
${program(folders)}
`;
}

async function openInGuest(fileSystem: FileSystem, program: Program): Promise<Trial> {
  const task = encodeTask(fileSystem, '/mnt/trial', program);
  return startGuest({ task, memoryMb: 1500 });
}

async function openOnHost(fileSystem: FileSystem, program: Program): Promise<Trial> {
  const work = await mkdtemp(join(tmpdir(), 'holdfast-trial-'));
  const task = encodeTask(fileSystem, work, program);
  // A namespace of processes as well: helpers of FUSE end with its first one.
  const own = ['--mount', '--propagation', 'private', '--pid', '--fork', '--mount-proc'];
  const child = spawn('unshare', [...own, '--kill-child', 'bash', '-c', task], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = createLineLog();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.add(line));
  }
  const closed = once(child, 'close').then(() => lines.end());
  return {
    lines,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await closed;
      await rm(work, { recursive: true, force: true });
    },
  };
}
