/** What came of the steps of a run, one line of JSON each below .build; run-large.ts puts them together. */
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PhaseFacts } from './progress-log.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const stepsPath =
  process.env['HOLDFAST_LARGE_STEPS'] ?? join(root, '.build/large-results/steps.jsonl');

export type StepResult = {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  /** Null: not measured. */
  readonly peakBytes: number | null;
  /** Of the machine, at its end. */
  readonly load: number;
  readonly phases: readonly PhaseFacts[];
};

/** 1: as promised; less for trying things out. */
export const scale = Number(process.env['HOLDFAST_LARGE'] ?? 1);

/** Adds a step, and says it. */
export async function writeStep(step: StepResult): Promise<void> {
  const peak = step.peakBytes === null ? '' : `, peak ${Math.round(step.peakBytes / 2 ** 20)} MiB`;
  const silence = Math.max(0, ...step.phases.map((phase) => phase.longestSilenceSeconds));
  console.log(
    `${step.suite}: ${step.name}: ${step.seconds.toFixed(1)} s${peak}, longest silence ${silence.toFixed(1)} s, load ${step.load.toFixed(0)}`,
  );
  await mkdir(dirname(stepsPath), { recursive: true });
  await appendFile(stepsPath, `${JSON.stringify(step)}\n`);
}

export const clearSteps = async (): Promise<void> => rm(stepsPath, { force: true });

export async function readSteps(): Promise<readonly StepResult[]> {
  const lines = await readFile(stepsPath, 'utf8').catch(() => '');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StepResult);
}
