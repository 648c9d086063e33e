/** On what a benchmark ran, in one line: without it no figure means anything. */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

export function describeMachine(folder: string): string {
  const [first] = cpus();
  const disk = spawnSync('findmnt', ['-no', 'FSTYPE', '--target', folder], { encoding: 'utf8' });
  return [
    `${cpus().length} x ${first?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB memory`,
    disk.stdout?.trim().split('\n')[0] || 'unknown file system',
    `Linux ${release()}`,
    `Node ${process.versions.node}`,
  ].join(', ');
}

/** Above this many waiting programs, others take part of what is measured. */
const quietLoad = 1.5;

/** The load, of which `own` is the benchmark's, with a warning when the figures are worth little. */
export function describeLoad(own: number): string {
  const [load = 0] = loadavg();
  const isQuiet = load <= quietLoad + own;
  return `load ${load.toFixed(2)}${isQuiet ? '' : ' (NOT QUIET, these figures are doubtful)'}`;
}
