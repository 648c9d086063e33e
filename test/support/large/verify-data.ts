/** `verify --data` of the built command line, with its peak of memory: the agent has no such call. */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { measureCommand } from '../../bench/measure-command.ts';
import type { LargeOffice } from './large-office.ts';
import { writeStep } from './step-results.ts';

/** Throws unless all is sound. The peak holds that of unlocking, 128 MiB of scrypt. */
export async function verifyData(
  suite: string,
  { place, env }: Pick<LargeOffice, 'place' | 'env'>,
  builtFolder: string,
  tellPeak: (name: string, bytes: number) => void,
): Promise<void> {
  const name = 'verify --data';
  const args = [join(builtFolder, 'cli.js'), 'verify', '--at', place, '--data', '--json'];
  const { seconds, peakBytes } = await measureCommand({ program: process.execPath, args, env });
  const [load = 0] = loadavg();
  await writeStep({ suite, name, seconds, peakBytes, load, phases: [] });
  tellPeak(name, peakBytes);
}
