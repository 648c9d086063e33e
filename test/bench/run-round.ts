/** One tool, once through everything, in a fresh folder: first full, nothing changed, the day, the way back. */
import { globSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestFile, setWorkFile, warmFile, type BenchData } from './bench-data.ts';
import { flushDisk, measureCommand, type Command } from './measure-command.ts';
import type { Tool } from './tool.ts';

export const steps = ['full', 'nothing', 'day', 'restore'] as const;
export type Step = (typeof steps)[number];

export type Sample = {
  /** Until the program ended, less `proveSeconds`. */
  readonly seconds: number;
  /** What the program itself says that it spent on proof: reading back, or the database engine's check. */
  readonly proveSeconds: number;
  /** What the disk still had to write after it ended. */
  readonly flushSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  /** Growth of the repository. */
  readonly bytesAdded: number;
};

export type Round = Readonly<Record<Step, Sample>>;

/** Throws when what came back is not, byte for byte, what went in. */
export async function runRound(tool: Tool, data: BenchData): Promise<Round> {
  const folder = mkdtempSync(join(dirname(data.workPath), `${tool.name}-`));
  const into = join(folder, 'restored');
  mkdirSync(into);
  try {
    setWorkFile(data, 'base');
    await tool.create(folder);
    const backUp = () => measureStep(tool, folder, data, tool.backup(folder, data.workPath));
    const full = await backUp();
    const nothing = await backUp();
    setWorkFile(data, 'day');
    const day = await backUp();
    const restore = await measureStep(tool, folder, data, tool.restore(folder, into));
    checkRestored(tool, into, data.dayDigest);
    return { full, nothing, day, restore };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same start for all: nothing left to write, the source in memory. */
async function measureStep(
  tool: Tool,
  folder: string,
  data: BenchData,
  command: Command,
): Promise<Sample> {
  const repository = tool.repository(folder);
  const before = folderBytes(repository);
  warmFile(data.workPath);
  flushDisk();
  const { seconds, cpuSeconds, peakBytes, stdout } = await measureCommand(command);
  const flushSeconds = flushDisk();
  const proveSeconds = (tool.proveMs?.(stdout) ?? 0) / 1000;
  return {
    seconds: seconds - proveSeconds,
    proveSeconds,
    flushSeconds,
    cpuSeconds,
    peakBytes,
    bytesAdded: folderBytes(repository) - before,
  };
}

/** Sum of the sizes of all files below. */
export const folderBytes = (folder: string): number =>
  globSync('**/*', { cwd: folder })
    .map((name) => lstatSync(join(folder, name)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);

function checkRestored(tool: Tool, into: string, digest: string): void {
  const found = globSync('**/crm.db', { cwd: into });
  if (found.length !== 1) throw new Error(`${tool.name} restored ${found.length} databases`);
  if (digestFile(join(into, found[0] as string)) !== digest) {
    throw new Error(`${tool.name} did not bring back what it was given`);
  }
}
