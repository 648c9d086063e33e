/** What a user of another maker's database would lose if it came back under an open program, torn, or with a promise too much. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../shared/model/backup-error.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { runDrill } from '../../electron/engine/drill/run-drill.ts';
import type { RestoreTools } from '../../electron/engine/restore/restore-tools.ts';
import {
  changePages,
  type HeaderSample,
  samplePageSizes,
  writeAccessLock,
  writeHeaderSample,
} from '../support/foreign-samples.ts';
import { openHurriedSourceHost } from '../support/open-test-source-host.ts';
import {
  filesAround,
  pointToRestore,
  restoreBackup,
  restoreInto,
  restoreToolsOf,
} from '../support/restore-trial.ts';
import { restoreKeeping } from '../support/restore-and-undo.ts';
import { openTestAgent } from '../support/open-test-agent.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

interface Trial {
  readonly engine: TestEngine;
  readonly tools: RestoreTools;
  readonly path: string;
  readonly made: Awaited<ReturnType<TestEngine['backup']>>;
  /** As it was backed up. */
  readonly truth: Buffer;
  /** As it was changed since. */
  readonly today: Buffer;
}

async function startTrial(name: string, sample: HeaderSample): Promise<Trial> {
  const engine = await openTestEngine();
  const host = await openHurriedSourceHost();
  mkdirSync(join(engine.folder, 'crm'));
  const path = join(engine.folder, 'crm', name);
  const truth = writeHeaderSample(path, sample, 30);
  const made = await engine.backup(path, { host });
  const today = changePages(path, samplePageSizes[sample], [3, 4, 29]);
  return { engine, tools: restoreToolsOf(engine, { host }), path, made, truth, today };
}

const isAt = (path: string, bytes: Buffer): boolean => readFileSync(path).equals(bytes);

describe.each([
  ['kunden.mdb', 'jet3'],
  ['kunden.fmp12', 'filemaker'],
] as const)('%s', (name, sample) => {
  test('comes back in place by one rename, byte for byte, and the restore can be undone', async () => {
    const trial = await startTrial(name, sample);
    const { result, undo } = await restoreKeeping(trial);
    expect(result).toMatchObject({ way: { kind: 'swap' }, isIntegrityChecked: false });
    expect(isAt(trial.path, trial.truth)).toBe(true);
    const undone = await undo();
    expect(undone.way.kind).toBe('swap');
    expect(isAt(trial.path, trial.today)).toBe(true);
    expect(filesAround(trial.path)).toEqual([name]);
  });
});

test('a length that is no whole number of pages comes back as it was, into a folder too', async () => {
  const engine = await openTestEngine();
  const host = await openHurriedSourceHost();
  const path = join(engine.folder, 'kunden.mdb');
  const bytes = writeHeaderSample(path, 'jet4', 5);
  writeFileSync(path, bytes.subarray(0, bytes.length - 1_234));
  const made = await engine.backup(path, { host });
  const out = join(engine.folder, 'out');
  await restoreInto(engine, made, out);
  expect(isAt(join(out, 'kunden.mdb'), bytes.subarray(0, bytes.length - 1_234))).toBe(true);
});

test('an Access database that another computer has open is not replaced, and the refusal says who', async () => {
  const trial = await startTrial('kunden.mdb', 'jet4');
  const { engine, tools, path, made, today } = trial;
  const lock = join(engine.folder, 'crm', 'kunden.ldb');
  writeAccessLock(lock, [['EMPFANG', 'Petra']]);
  const inVault = async (): Promise<never> => {
    throw new Error('refused before anything is kept');
  };
  const safety = { inVault, folders: [], goOnWithout: false };
  const refused = await restoreBackup(engine, made, path, { tools, safety }).catch(
    (error: unknown) => error,
  );
  const failure = failureOf(refused);
  expect(failure).toMatchObject({ code: 'target-in-use', path, by: null });
  expect(failureWords(failure, 'en').cause).toContain('on PC EMPFANG by user Petra');
  expect(failureWords(failure, 'zh-CN').cause).toContain('电脑 EMPFANG 上的用户 Petra');
  expect(isAt(path, today)).toBe(true);
  rmSync(lock);
  await restoreBackup(engine, made, path, { tools });
  expect(isAt(path, trial.truth)).toBe(true);
});

test('one that is opened elsewhere while its present state is being kept is not replaced either', async () => {
  const trial = await startTrial('kunden.mdb', 'jet4');
  const { engine, tools, path, made, today } = trial;
  const lock = join(engine.folder, 'crm', 'kunden.ldb');
  const onSafetyPoint = async (): Promise<void> => writeAccessLock(lock, [['EMPFANG', 'Petra']]);
  const refused = restoreBackup(engine, made, path, { tools, onSafetyPoint });
  await expect(refused).rejects.toMatchObject({
    failure: { code: 'target-in-use', lock: { users: [{ computer: 'EMPFANG' }] } },
  });
  expect(isAt(path, today)).toBe(true);
});

describe('a restore test', () => {
  const drill = async ({ engine, tools, made }: Trial) =>
    runDrill({
      tools,
      from: await pointToRestore(engine, made),
      source: null,
      scratchFolder: join(engine.folder, 'scratch'),
    });

  test('says that bytes were compared, and claims no more', async () => {
    const trial = await startTrial('kunden.accdb', 'ace');
    const bytes = trial.truth.length;
    expect(await drill(trial)).toMatchObject({
      outcome: 'bytes-only',
      sources: [{ outcome: 'bytes-only', failure: null, bytes, complaints: null, counts: [] }],
    });
  });

  test('of a copy that does not come back as it was captured fails', async () => {
    const trial = await startTrial('kunden.accdb', 'ace');
    const [source] = trial.made.point.sources;
    if (source?.pages === null || source === undefined) throw new Error('no pages');
    const pages = { ...source.pages, root: '0'.repeat(64) };
    const made = { ...trial.made, point: { ...trial.made.point, sources: [{ ...source, pages }] } };
    expect((await drill({ ...trial, made })).outcome).not.toBe('bytes-only');
  });
});

test('the light of a plan with such a database is amber at best, and says why', async () => {
  const agent = await openTestAgent();
  const place = join(agent.folder, 'usb');
  mkdirSync(place);
  const path = join(agent.folder, 'kunden.mdb');
  writeHeaderSample(path, 'jet4', 20);
  const { plan } = await agent.call('protect', {
    name: 'Office',
    sources: [path],
    place,
    schedule: { kind: 'interval', everyMs: 3_600_000 },
    keep: {},
    secret: { kind: 'passphrase', passphrase: 'lemon-otter-river-amber' },
    remember: true,
  });
  const reasons = async (): Promise<readonly string[]> => {
    const { plans } = await agent.call('overview', {});
    return plans.flatMap(({ status }) => status.reasons.map(({ code }) => code));
  };
  await agent.call('runPlan', { plan: plan.id });
  expect(await reasons()).toContain('nothing-proved');
  expect(await agent.call('drill', { plan: plan.id })).toMatchObject({ outcome: 'bytes-only' });
  const now = await reasons();
  expect(now).toContain('bytes-compared-only');
  expect(now).not.toContain('nothing-proved');
  expect(now).not.toContain('restore-test-failed');
  expect(statSync(path).size).toBe(20 * 4096);
});
