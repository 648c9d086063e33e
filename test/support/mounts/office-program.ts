/**
 * The program in a guest or on a mount: carries out the steps that a test puts into a folder, one after the other, and says
 * on stdout what it begins and what came of it. Built (build-office.ts) before it runs: a guest is slow at loading sources.
 *
 *   node office-program.js '{"place", "crm", "dataFolder", "steps"}'
 */
import { execFileSync } from 'node:child_process';
import { readFile, rm, statfs } from 'node:fs/promises';
import { existsSync, openSync, closeSync, fsyncSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Progress } from '../../../shared/model/progress.ts';
import { failureOf } from '../../../shared/model/backup-error.ts';
import { startCrmWriter, type CrmWriter } from '../start-crm-writer.ts';
import { changeCrm, changeElsewhere, digestOfCrm } from './crm-state.ts';
import { openOffice } from './office.ts';
import { encodeEvent, stepFile } from './office-protocol.ts';
import type { OfficeEvent, OfficeFacts, OfficeStep } from './office-protocol.ts';

const task = z
  .strictObject({
    place: z.string(),
    crm: z.string(),
    dataFolder: z.string(),
    steps: z.string(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

type Step = Exclude<OfficeStep, { do: 'end' }>;

let step = 0;
let isWorking = false;
const say = (event: OfficeEvent): void => void process.stdout.write(encodeEvent(event));

/** Says once per step that data is under way: a third of what is read from the CRM, or the first bytes of a check. */
function watch({ phase, bytesDone, bytesTotal }: Progress): void {
  const isReading = phase === 'read' || phase === 'safety-point';
  const isUnderWay = isReading
    ? bytesTotal !== null && bytesDone >= bytesTotal / 3
    : phase === 'check';
  if (isWorking || !isUnderWay || bytesDone === 0) return;
  isWorking = true;
  say({ event: 'working', step });
}

const office = openOffice({
  place: task.place,
  crm: task.crm,
  dataFolder: task.dataFolder,
  workers: new URL('./', import.meta.url),
  onProgress: watch,
});
/** The program of the CRM, while it runs. */
const crm: { writer: CrmWriter | null } = { writer: null };
const filler = join(task.place, '..', 'filler');

await office.begin();
say({ event: 'ready' });
for (;;) {
  const wanted = await nextStep();
  if (wanted.do === 'end') break;
  await carryOut(wanted);
  step += 1;
}
await crm.writer?.[Symbol.asyncDispose]();
// Not `await using`: the bundler drops it at the top of a module.
await office[Symbol.asyncDispose]();

async function nextStep(): Promise<OfficeStep> {
  const path = join(task.steps, stepFile(step));
  while (!existsSync(path)) await wait(20);
  return JSON.parse(await readFile(path, 'utf8')) as OfficeStep;
}

async function carryOut(wanted: Step): Promise<void> {
  const startedMs = performance.now();
  const ms = (): number => Math.round(performance.now() - startedMs);
  isWorking = false;
  try {
    await begin(wanted);
    const facts = await run(wanted);
    say({ event: 'done', step, ms: ms(), ...facts });
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? '') : String(error);
    say({ event: 'failed', step, ms: ms(), failure: failureOf(error), stack });
  }
}

/** What may be found after a cut from here on is said before anything is done. */
async function begin(wanted: Step): Promise<void> {
  if (wanted.do === 'tidy') {
    const mayGo = await office.planToForget(wanted.keepLast);
    say({ event: 'begun', step, mayGo });
  } else {
    say({ event: 'begun', step });
  }
}

type Facts = Omit<OfficeFacts, 'ms'>;

async function run(wanted: Step): Promise<Facts> {
  switch (wanted.do) {
    case 'createVault':
      await office.createVault();
      return {};
    case 'putCrm':
      return office.putCrm(wanted.from, wanted.journal);
    case 'changeCrm':
      if (wanted.elsewhere === true) {
        changeElsewhere(task.crm, task.crm, (copy) => changeCrm(copy, wanted.seed, wanted.share));
      } else {
        changeCrm(task.crm, wanted.seed, wanted.share);
      }
      return { crm: digestOfCrm(task.crm) };
    case 'readCrm':
      return { crm: digestOfCrm(task.crm) };
    case 'startWriter':
      crm.writer = await startCrmWriter(task.crm, { rate: 20 });
      return {};
    case 'pauseWriter':
      await crm.writer?.pause();
      return {};
    case 'stopWriter':
      await crm.writer?.stop();
      crm.writer = null;
      return {};
    case 'backUp':
      return office.backUp(wanted.kind ?? 'auto');
    case 'restoreInPlace':
      return office.restoreInPlace(wanted.point);
    case 'undo':
      return office.undo();
    case 'tidy':
      return office.tidy(wanted.keepLast);
    case 'check':
      return { ...(await office.check()), crm: digestOfCrm(task.crm) };
    case 'compareFiles':
      return office.compareFiles();
    case 'fillDisk':
      await fillDisk(wanted.leaveBytes);
      return {};
    case 'emptyDisk':
      await rm(filler);
      return {};
    case 'setPace':
      office.clock.setPace(wanted.factor);
      return {};
    case 'turnClock':
      return { output: shell(`date -s "+${wanted.days} days"`) };
    case 'shell':
      return { output: shell(wanted.command) };
  }
}

function shell(command: string): string {
  return execFileSync('bash', ['-c', command], { encoding: 'utf8' });
}

async function fillDisk(leaveBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(task.place);
  const block = Buffer.alloc(1 << 20, 'x');
  const file = openSync(filler, 'w');
  try {
    for (let left = bavail * bsize - leaveBytes; left > 0; left -= block.length) {
      writeSync(file, block, 0, Math.min(left, block.length));
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
