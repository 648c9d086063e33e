/** What every step of the demo works with, and the one way in which it runs Holdfast: its command line, as a user would. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { CrmWriter } from '../support/start-crm-writer.ts';
import type { DemoStage } from './demo-stage.ts';
import { runProcess } from './run-process.ts';

export interface Demo {
  readonly stage: DemoStage;
  /** Commands run in it; paths in them are relative to it. */
  readonly folder: string;
  /** The CRM's database, absolute. */
  readonly crm: string;
  readonly contacts: number;
  /** How many contacts are deleted by accident. */
  readonly accidentSize: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Ends the second program when the demo ends, however it ends. */
  own(writer: CrmWriter): CrmWriter;
}

/** A demo whose CRM is in use. */
export interface LiveDemo extends Demo {
  readonly writer: CrmWriter;
}

/** Everybody may know it: it locks a sample for less than a minute. */
export const demoPassphrase = 'a sample is no secret';
const placeName = 'copies';
export const crmName = 'crm/crm.db';

const cli = fileURLToPath(new URL('../../electron/cli.ts', import.meta.url));

export const placeOf = ({ folder }: Demo): string => join(folder, placeName);

/** Arguments that every step uses. */
export const atPlace = ['--at', placeName] as const;
export const toPlace = ['--to', placeName] as const;
export const createPlace = ['vault', 'create', placeName] as const;

export interface Answer<T> {
  readonly answer: T;
  /** From the start of the process to its end. */
  readonly ms: number;
}

/** Runs `holdfast args` and shows it; throws what the command said when it failed or answered in another shape. */
export async function holdfast<T>(
  demo: Demo,
  args: readonly string[],
  shape: z.ZodType<T>,
): Promise<Answer<T>> {
  const { exitCode, stdout, stderr, ms } = await runCommand(demo, args);
  if (exitCode !== 0) {
    const words = stderr.trim() === '' ? stdout : stderr;
    throw new Error(`holdfast ${args[0]} ended with ${exitCode}.\n${words}`.trim());
  }
  const parsed = shape.safeParse(JSON.parse(stdout));
  if (!parsed.success) {
    throw new Error(`holdfast ${args[0]} gave another answer: ${parsed.error.message}\n${stdout}`);
  }
  return { answer: parsed.data, ms };
}

/** Runs a command that must refuse; gives what it said to the user. */
export async function holdfastRefuses(
  demo: Demo,
  args: readonly string[],
): Promise<{ readonly exitCode: number | null; readonly words: string; readonly code: string }> {
  const { exitCode, stdout, stderr } = await runCommand(demo, args);
  const document = JSON.parse(stdout) as { failure?: { code?: string } };
  return { exitCode, words: stderr.trim(), code: document.failure?.code ?? 'none' };
}

async function runCommand({ stage, folder, signal }: Demo, args: readonly string[]) {
  stage.command(`holdfast ${args.map(typed).join(' ')}`);
  const { HOLDFAST_RECOVERY_KEY: _, ...env } = process.env;
  return runProcess([cli, ...args, '--json'], {
    cwd: folder,
    // Words come in English; nothing of this computer's own Holdfast is touched.
    env: {
      ...env,
      LC_ALL: 'en',
      HOLDFAST_PASSPHRASE: demoPassphrase,
      HOLDFAST_DATA_DIR: join(folder, 'data'),
    },
    signal,
  });
}

/** As one would type it; a list of hundreds of records is cut, the command gets all of it. */
function typed(argument: string): string {
  const ids = argument.split(',');
  if (ids.length > 6) return `${ids.slice(0, 3).join(',')},...(${ids.length - 3} more)`;
  return /^[\w:./,+-]+$/.test(argument) ? argument : `"${argument}"`;
}
