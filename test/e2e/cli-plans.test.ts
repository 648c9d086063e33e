/** Plans by the command line: made, carried out, judged, and brought back on a new computer with nothing but the key. */
import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCommandLine, type CommandLine } from '../support/command-line.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { TEST_PASSPHRASE } from '../support/test-engine.ts';

type Office = CommandLine & { readonly database: string; readonly draft: Record<string, unknown> };

async function openOffice(keep: object = {}): Promise<Office> {
  const cli = await openCommandLine();
  const database = join(cli.folder, 'crm.db');
  createLedger(database, { rows: 60, seed: 1 });
  const draft = {
    name: '办公室 Office',
    sources: [{ path: database }],
    places: [cli.place],
    schedule: { kind: 'times', timesOfDay: ['12:30', '18:00'], zone: 'Europe/Berlin' },
    keep,
  };
  return { ...cli, database, draft };
}

async function createPlan({ json, draft }: Office): Promise<{ readonly id: string }> {
  const answer = await json(['plan', 'create', '-'], 0, { input: JSON.stringify(draft) });
  return answer['plan'] as { readonly id: string };
}

const change = (database: string): void =>
  editDatabase(
    database,
    `UPDATE entries SET text = '${randomBytes(8).toString('hex')}' WHERE id = 1`,
  );

type Status = {
  readonly status: string;
  readonly reasons: readonly { readonly code: string; readonly sentence: string }[];
  readonly lastRun: { readonly kind: string; readonly state: string } | null;
};

async function statusOf({ json }: CommandLine, options = {}): Promise<Status> {
  const { plans } = await json(['status'], 0, options);
  const [plan] = plans as [Status];
  return plan;
}

const codesOf = ({ reasons }: Status): string[] => reasons.map(({ code }) => code);

test('a plan is made from a few lines, listed, shown as it can be given back, paused, deleted', async () => {
  const office = await openOffice();
  const { json, run, draft, database, place } = office;
  const plan = await createPlan(office);
  expect(plan).toMatchObject({
    version: 1,
    name: '办公室 Office',
    sources: [{ path: database, name: 'crm.db', id: expect.stringMatching(/^[0-9a-f]{32}$/u) }],
    places: [{ path: place, vaultId: expect.stringMatching(/^[0-9a-f]{32}$/u) }],
    paused: null,
  });
  const early = { env: { HOLDFAST_DATA_DIR: join(office.folder, 'early-pc') } };
  expect(await json(['connect', place], 0, early)).toMatchObject({ plans: [{ plan }] });
  expect(await json(['plan', 'list'])).toMatchObject({ plans: [plan] });
  const { stdout } = await run(['plan', 'show', plan.id.slice(0, 6)]);
  expect(JSON.parse(stdout)).toEqual(plan);
  const again = await json(['plan', 'create', '-'], 0, { input: stdout });
  expect(again['plan']).toEqual(plan);
  expect(await json(['plan', 'pause', '办公室 Office'])).toMatchObject({ plan: { paused: {} } });
  expect(await json(['plan', 'resume', plan.id])).toMatchObject({ plan: { paused: null } });
  const wrong = { ...draft, schedule: { kind: 'times', timesOfDay: ['25:00'], zone: 'Mars/Base' } };
  const refused = await json(['plan', 'create', '-'], 2, { input: JSON.stringify(wrong) });
  expect(refused).toMatchObject({
    failure: { code: 'plan-invalid', detail: expect.stringMatching(/timesOfDay.*zone/u) },
  });
  await json(['plan', 'delete', plan.id]);
  expect(await json(['plan', 'list'])).toMatchObject({ plans: [] });
  // Deleted everywhere: a new computer does not take it up again.
  const env = { HOLDFAST_DATA_DIR: join(office.folder, 'new-pc') };
  expect(await json(['connect', place], 0, { env })).toMatchObject({ plans: [] });
});

test('running a plan backs up, reads back, and drops what its keep rules do not want', async () => {
  const office = await openOffice({ last: 2 });
  const { json, database, place } = office;
  const plan = await createPlan(office);
  const first = await json(['run', plan.id]);
  expect(first).toMatchObject({
    ok: true,
    planId: plan.id,
    point: { kind: 'full' },
    forgotten: [],
  });
  expect(first['provedBytes']).toBe(first['bytesStored']);
  for (let round = 0; round < 3; round++) {
    change(database);
    await json(['run', plan.id]);
  }
  const { points } = await json(['points', '--at', place]);
  // The newest two, and the full that they need to be restorable with nothing else.
  expect((points as unknown[]).length).toBeLessThanOrEqual(3);
  const { runs } = await json(['history', '--plan', plan.id]);
  expect(new Set((runs as { kind: string }[]).map(({ kind }) => kind))).toContain('forget');
  await json(['verify', '--at', place, '--data']);
});

test('a held restore point stays, on every computer, until it is released', async () => {
  const office = await openOffice();
  const { json, database, place, folder } = office;
  await json(['backup', '--to', place, database]);
  for (let round = 0; round < 2; round++) {
    change(database);
    await json(['backup', '--to', place, '--kind', 'full', database]);
  }
  const { points } = await json(['points', '--at', place]);
  const oldest = (points as { id: string }[]).at(-1)?.id ?? '';
  const held = await json(['hold', oldest, '--at', place, '--reason', 'Prüfung 2026']);
  const env = { HOLDFAST_DATA_DIR: join(folder, 'other-pc') };
  const forget = ['forget', '--at', place, '--keep-last', '1'];
  const there = await json(forget, 0, { env });
  expect((there['remove'] as unknown[]).length).toBe(1);
  expect(JSON.stringify(there['keep'])).toContain('Prüfung 2026');
  await json(['release', (held['hold'] as string).slice(0, 8), '--at', place]);
  expect((await json(forget))['remove']).toMatchObject([{ id: oldest }]);
});

test('the light is not green before a restore test has passed, and says why', async () => {
  const office = await openOffice();
  const { json, run, place } = office;
  const plan = await createPlan(office);
  expect(codesOf(await statusOf(office))).toContain('nothing-proved');
  await json(['run', plan.id]);
  const before = await statusOf(office);
  expect(before).toMatchObject({
    status: 'not-protected',
    lastRun: { kind: 'backup', state: 'ok' },
  });
  expect(before.reasons).toContainEqual(
    expect.objectContaining({ code: 'nothing-proved', lacks: 'restore-test' }),
  );
  await json(['drill', '--at', place]);
  const after = await statusOf(office);
  expect(after.status).toBe('attention');
  expect(codesOf(after)).not.toContain('nothing-proved');
  // Here everything lies on one disk, and nobody has shown the recovery key yet.
  expect(codesOf(after)).toEqual(expect.arrayContaining(['kit-not-confirmed']));
  const { stdout } = await run(['status']);
  expect(stdout).toContain('Attention');
  expect(stdout).toContain('办公室 Office');
});

test('a vault that is not there turns the light and fails the run, and nothing is written instead', async () => {
  const office = await openOffice();
  const { json, place } = office;
  const plan = await createPlan(office);
  await json(['run', plan.id]);
  await json(['drill', '--at', place]);
  await rename(place, `${place}-unplugged`);
  expect(await json(['run', plan.id], 4)).toMatchObject({ failure: { code: 'place-missing' } });
  expect(await statusOf(office)).toMatchObject({ lastRun: { state: 'failed' } });
  // Another vault under the same path is not this plan's.
  await json(['vault', 'create', place]);
  const wrong = await json(['run', plan.id], 4);
  expect(wrong).toMatchObject({ failure: { code: 'vault-other' } });
  expect(await readdir(place)).not.toContain('points');
});

test('pausing works while the place is away, and the vault learns of it with the next backup', async () => {
  const office = await openOffice();
  const { json, place, folder } = office;
  const plan = await createPlan(office);
  await rename(place, `${place}-unplugged`);
  const paused = await json(['plan', 'pause', plan.id]);
  expect(paused).toMatchObject({ notices: [{ kind: 'plan-copy-late' }] });
  await rename(`${place}-unplugged`, place);
  await json(['run', plan.id]);
  const env = { HOLDFAST_DATA_DIR: join(folder, 'new-pc') };
  const connected = await json(['connect', place], 0, { env });
  expect(connected).toMatchObject({ plans: [{ plan: { paused: { untilMs: null } } }] });
});

test('a dead PC: the recovery key and an empty data folder bring plan, holds and schedule back', async () => {
  const office = await openOffice({ last: 5, monthly: 12 });
  const { json, place, dataFolder, database, recoveryKey } = office;
  const plan = await createPlan(office);
  await json(['run', plan.id]);
  await json(['hold', 'latest', '--at', place, '--reason', 'year end']);
  await rm(dataFolder, { recursive: true });
  const env = { HOLDFAST_PASSPHRASE: undefined, HOLDFAST_RECOVERY_KEY: recoveryKey };
  const connected = await json(['connect', place], 0, { env });
  expect(connected).toMatchObject({
    points: 1,
    plans: [{ plan, isNew: true, missingSources: [] }],
  });
  expect(await json(['plan', 'list'])).toMatchObject({ plans: [plan] });
  expect(await json(['points', '--at', place])).toMatchObject({
    points: [{ holds: ['year end'] }],
  });
  const status = await statusOf(office);
  // Whoever opened it with the recovery key has shown to have it; the copies are known but proved anew.
  expect(codesOf(status)).not.toContain('kit-not-confirmed');
  expect(status.reasons[0]).toMatchObject({ code: 'nothing-proved', lacks: 'read-back' });
  change(database);
  await json(['run', plan.id]);
  expect(await json(['connect', place])).toMatchObject({ plans: [{ isNew: false }] });
});

test.each([
  ['deleted', async (folder: string) => rm(join(folder, 'history.db'))],
  ['damaged', async (folder: string) => writeFile(join(folder, 'history.db'), 'no database')],
])('a %s history never stops a backup, and its copies are known again', async (_, spoil) => {
  const office = await openOffice();
  const { json, dataFolder } = office;
  const plan = await createPlan(office);
  const first = await json(['run', plan.id]);
  for (const name of ['history.db-wal', 'history.db-shm']) {
    await rm(join(dataFolder, name), { force: true });
  }
  await spoil(dataFolder);
  await json(['run', plan.id]);
  const { runs } = await json(['history']);
  const { id } = first['point'] as { readonly id: string };
  expect(runs).toContainEqual(expect.objectContaining({ point: id, isRebuilt: true, state: 'ok' }));
  expect(await statusOf(office)).toMatchObject({ lastRun: { kind: 'backup', state: 'ok' } });
});

test('the passphrase of a plan that runs at night may come from the environment alone', async () => {
  const office = await openOffice();
  const plan = await createPlan(office);
  const env = { HOLDFAST_PASSPHRASE: undefined };
  expect(await office.json(['run', plan.id], 5, { env })).toMatchObject({
    failure: { code: 'key-needed' },
  });
  const withIt = { env: { HOLDFAST_PASSPHRASE: TEST_PASSPHRASE } };
  await office.json(['run', plan.id], 0, withIt);
});
