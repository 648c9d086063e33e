/**
 * Runs in a guest: one process that stays alive while a FAT32 stick is plugged in, backed up to, pulled out right after the run,
 * plugged in at another folder, and backed up to again. Says each step that was seen; the test knows which must come.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createVaultJob } from '../../../electron/jobs/create-vault-job.ts';
import { openEngine } from '../../../electron/jobs/engine.ts';
import { createPlan } from '../../../electron/jobs/plan-jobs.ts';
import { runPlanJob } from '../../../electron/jobs/run-plan-job.ts';
import { listVolumes } from '../../../electron/platform/volumes/list-volumes.ts';
import { systemClock } from '../../../electron/platform/system-clock.ts';
import { createMemoryKeychain } from '../memory-keychain.ts';
import { createLedger, editDatabase } from '../quiet-database.ts';
import { sourceWorkerUrl } from '../source-worker-url.ts';

const [work = '', media = ''] = process.argv.slice(2);
const context = { signal: new AbortController().signal, onProgress: () => undefined };
const say = (step: string): void => void process.stdout.write(`@step ${step}\n`);
const run = (program: string, ...asked: readonly string[]): string =>
  execFileSync(program, asked, { encoding: 'utf8' }).trim();

const image = join(work, 'stick.img');
run('truncate', '-s', '200M', image);
run('mkfs.vfat', '-F', '32', '-n', 'STICK', image);
const id = run('blkid', '-o', 'value', '-s', 'UUID', image);
const link = join('/dev/disk/by-uuid', id);
let device = '';

async function plugIn(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  device = run('losetup', '-f', '--show', image);
  run('mount', '-t', 'vfat', '-o', 'iocharset=utf8', device, folder);
  mkdirSync('/dev/disk/by-uuid', { recursive: true });
  symlinkSync(device, link);
  while (!(await listVolumes()).some(({ folders }) => folders.includes(folder))) {
    await systemClock.sleep(100);
  }
}

/** Fails while anybody has a file open on it. */
function pullOut(folder: string): void {
  run('umount', folder);
  unlinkSync(link);
  run('losetup', '-d', device);
  say(`out ${readdirSync(folder).length}`);
}

const keychain = createMemoryKeychain();
await using engine = openEngine({
  dataFolder: join(work, 'data'),
  clock: systemClock,
  random: randomBytes,
  workers: {
    source: sourceWorkerUrl,
    compute: new URL('../../../electron/engine/pipeline/compute-worker.ts', import.meta.url),
  },
  app: 'test',
  secrets: { given: async () => null, store: async () => keychain, ask: null },
  notify: () => undefined,
  scryptN: 2 ** 14,
});
const database = join(work, 'crm.db');
createLedger(database, { rows: 200, seed: 1 });

const [first, second] = [join(media, 'STICK'), join(media, 'other', 'STICK')];
await plugIn(first);
const place = join(first, 'copies');
await createVaultJob(engine, { place, passphrase: 'stick and stones', remember: true }, context);
const schedule = { kind: 'interval', everyMs: 3_600_000 };
const draft = { name: 'Office', sources: [database], places: [place], schedule };
const plan = await createPlan(engine, draft, context);
say(`volume ${plan.places[0]?.volume?.id === id ? 'known' : 'unknown'}`);
await runPlanJob(engine, plan, context);
say('backed up');
pullOut(first);

const failed = await runPlanJob(engine, plan, context).catch((error: unknown) => error);
say(
  failed instanceof Error ? (failed.message.split(' ')[0]?.replace(/:$/u, '') ?? '') : 'not missed',
);
say(`left ${readdirSync(first).length}`);

editDatabase(database, "UPDATE entries SET text = 'changed' WHERE id = 1");
await plugIn(second);
const { point } = await runPlanJob(engine, plan, context);
say(`found again ${point.kind}`);
pullOut(second);
