/**
 * The demo: a CRM in use is backed up, loses 412 contacts, and gets them back, by Holdfast's own command line. Nothing is
 * staged: every figure is measured, and a check that fails ends it with exit code 1.
 *
 *   npm run demo -- [--contacts N] [--keep]
 *
 * `--keep` leaves the folder for a look. `--hook FILE` loads a module whose `afterStep(name, facts)` runs between steps:
 * with it the demo's own test breaks things and sees the demo notice.
 */
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { backUpInFull, backUpTheAccident, backUpTheDay } from './back-up.ts';
import { restoreInPlace, restoreRows, undoRestore } from './bring-back.ts';
import { createDemoFolder, removeDemoFolder } from './demo-folder.ts';
import { findLoss } from './find-loss.ts';
import { openStage, type DemoStage } from './demo-stage.ts';
import { crmName, demoPassphrase, type Demo } from './demo.ts';
import { count, duration } from './figures-text.ts';
import { closeOffice, makePlace, openOffice } from './prepare-office.ts';
import { checkEveryByte, readWithoutHoldfast, testRestore } from './prove-copies.ts';

const leastContacts = 500;
const seed = 20_261_121;
const stopping = new AbortController();

const usage = 'npm run demo -- [--contacts N] [--keep]';

function readOptions() {
  const { values } = parseArgs({
    options: {
      contacts: { type: 'string', default: '20000' },
      keep: { type: 'boolean', default: false },
      hook: { type: 'string' },
    },
  });
  const contacts = Number(values.contacts);
  if (Number.isInteger(contacts) && contacts >= leastContacts) return { ...values, contacts };
  throw new Error(`--contacts takes a whole number from ${leastContacts} on.`);
}

type Options = ReturnType<typeof readOptions>;

/** What a hook is told. */
export interface HookFacts {
  readonly folder: string;
  /** The second program, once it runs. */
  readonly writerPid: number | null;
}

type Hook = { afterStep(name: string, facts: HookFacts): unknown };

const loadHook = async (file: string | undefined): Promise<Hook> =>
  file === undefined
    ? { afterStep: () => undefined }
    : ((await import(pathToFileURL(resolve(file)).href)) as Hook);

/** All steps, in order; ends when the second program has ended well. */
async function tellStory(demo: Demo): Promise<void> {
  const live = await openOffice(demo);
  const recoveryKey = await makePlace(live);
  const full = await backUpInFull(live);
  const good = await backUpTheDay(live, full);
  const damaged = await backUpTheAccident(live, good);
  const loss = await findLoss(live, good, damaged);
  await restoreInPlace(live, good, loss);
  await undoRestore(live, good, damaged);
  await restoreRows(live, { good, damaged, loss });
  await checkEveryByte(live);
  await testRestore(live, good, loss);
  await readWithoutHoldfast(live, good, recoveryKey);
  await closeOffice(live);
}

function introduce(stage: DemoStage, folder: string): void {
  const machine = `${process.platform}, ${cpus().length} processors, Node ${process.versions.node}`;
  stage.say(`Holdfast: a CRM in use is backed up, damaged, and brought back.

Every command below really runs, as a process of its own; every figure is measured now, on
this computer (${machine}). A check that fails ends the demo.
Folder: ${folder}`);
}

function conclude({ stage, folder }: Demo, ms: number, isKept: boolean): void {
  const { steps, checks } = stage.progress;
  stage.say(
    `\nAll ${count(checks)} checks of ${steps} steps hold. The whole took ${duration(ms)}.`,
  );
  if (!isKept) {
    stage.say('Everything that the demo made is removed.');
    return;
  }
  stage.say(`Kept for a look: ${folder}
The passphrase is "${demoPassphrase}". For example:
  HOLDFAST_PASSPHRASE="${demoPassphrase}" HOLDFAST_DATA_DIR=${join(folder, 'data')} \\
  npm run holdfast -- points --at ${join(folder, 'copies')}`);
}

async function main(options: Options): Promise<number> {
  const startedMs = performance.now();
  const { contacts, keep } = options;
  const hook = await loadHook(options.hook);
  const folder = createDemoFolder(contacts);
  // Also after an error that nobody caught, and after the second Ctrl-C.
  if (!keep) process.once('exit', () => removeDemoFolder(folder));
  const facts: { folder: string; writerPid: number | null } = { folder, writerPid: null };
  const stage = openStage(async (name) => void (await hook.afterStep(name, facts)));
  await using owned = new AsyncDisposableStack();
  const demo: Demo = {
    stage,
    folder,
    crm: join(folder, crmName),
    contacts,
    accidentSize: Math.min(412, Math.floor(contacts / 10)),
    seed,
    signal: stopping.signal,
    own(writer) {
      facts.writerPid = writer.pid;
      return owned.use(writer);
    },
  };
  introduce(stage, folder);
  try {
    await tellStory(demo);
    conclude(demo, performance.now() - startedMs, keep);
    return 0;
  } catch (error) {
    if (stopping.signal.aborted) {
      console.error(`\nStopped. ${keep ? `Kept: ${folder}` : 'What the demo made is removed.'}`);
      return 130;
    }
    stage.fail(messageOf(error));
    stage.say(
      keep ? `Kept: ${folder}` : 'What the demo made is removed; --keep leaves it for a look.',
    );
    return 1;
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Before the first step: wrong options, no room. */
function refuse(error: unknown): number {
  console.error(`${messageOf(error)}\n${usage}`);
  return 2;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  });
}
// Nobody looks any more: `npm run demo | head`.
process.stdout.on('error', () => stopping.abort());

try {
  process.exitCode = await main(readOptions());
} catch (error) {
  process.exitCode = refuse(error);
}
