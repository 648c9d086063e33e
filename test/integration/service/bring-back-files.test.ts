/** Files of a folder beside the CRM: found by a part of their path, one of them back in place, or all into a new folder. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { restoreFolderInPlace } from '../../../electron/engine/restore/restore-folder-in-place.ts';
import { findPoint } from '../../../electron/jobs/find-point.ts';
import { vaultAtPlan } from '../../../electron/jobs/plan-place.ts';
import { restoreInPlaceJob } from '../../../electron/jobs/restore-in-place-job.ts';
import { restoreToolsOf } from '../../../electron/jobs/restore-tools-of.ts';
import { useVault } from '../../../electron/jobs/use-vault.ts';
import { createLedger } from '../../support/quiet-database.ts';
import { openDatabase, openTestOffice, pluck } from '../../support/open-test-office.ts';

const letter = Buffer.alloc(300_000, 'Dear customer. ');

/** Offers below `attachments`, one of them in a folder of its own. */
function makeAttachments(folder: string): readonly string[] {
  const path = join(folder, 'attachments');
  mkdirSync(join(path, 'Özdemir', 'old'), { recursive: true });
  for (const name of ['Offer 1.txt', 'Özdemir/offer 2.txt', 'Özdemir/old/bill.txt']) {
    writeFileSync(join(path, name), `${name}\n`);
  }
  writeFileSync(join(path, 'Özdemir', 'letter.bin'), letter, { mode: 0o640 });
  utimesSync(join(path, 'Özdemir', 'letter.bin'), 1_750_000_000, 1_750_000_000);
  return [path];
}

async function openFiles() {
  const office = await openTestOffice(100, makeAttachments);
  const point = await office.backUp();
  const folder = join(office.agent.folder, 'attachments');
  const source = office.plan.sources.find(({ path }) => path === folder)?.id ?? '';
  const oneFile = (path: string) =>
    ({
      plan: office.plan.id,
      point,
      what: { kind: 'file', source, path },
      where: { kind: 'in-place' },
      goOnWithoutUndo: false,
    }) as const;
  const everything = {
    plan: office.plan.id,
    point,
    what: { kind: 'everything' },
    where: { kind: 'in-place' },
    goOnWithoutUndo: false,
  } as const;
  return { ...office, point, folder, source, oneFile, everything };
}

test('files are found by a part of their path, the first ones by name, all of them counted', async () => {
  const { agent, plan, point, source } = await openFiles();
  const find = async (search: string, limit = 10) => {
    const { files, total } = await agent.call('pointFiles', {
      plan: plan.id,
      point,
      search,
      limit,
    });
    return [files.map(({ path }) => path), total];
  };
  expect(await find('OFFER')).toEqual([['Offer 1.txt', 'Özdemir/offer 2.txt'], 2]);
  expect(await find('özdemir/', 2)).toEqual([['Özdemir/letter.bin', 'Özdemir/offer 2.txt'], 3]);
  expect(await find('nothing')).toEqual([[], 0]);
  const { files } = await agent.call('pointFiles', {
    plan: plan.id,
    point,
    search: 'bin',
    limit: 1,
  });
  expect(files).toEqual([{ source, path: 'Özdemir/letter.bin', bytes: letter.length }]);
});

test('one overwritten file comes back in place as it was, and its newer content can be had again', async () => {
  const { agent, folder, oneFile } = await openFiles();
  const path = join(folder, 'Özdemir', 'letter.bin');
  const neighbour = join(folder, 'Özdemir', 'offer 2.txt');
  writeFileSync(path, 'spoilt');
  writeFileSync(neighbour, 'newer');
  const request = oneFile('Özdemir/letter.bin');
  const preview = await agent.call('previewBringBack', { ...request, compare: true });
  expect(preview.targets).toMatchObject([
    { path, name: 'Özdemir/letter.bin', bytes: letter.length, way: 'file-by-file', obstacle: null },
  ]);
  const { restored } = await agent.call('bringBack', request);
  expect(restored).toMatchObject([{ path, bytes: letter.length, files: 1 }]);
  expect(readFileSync(path).equals(letter)).toBe(true);
  expect([statSync(path).mtimeMs, statSync(path).mode & 0o777]).toEqual([1_750_000_000_000, 0o640]);
  expect(readFileSync(neighbour, 'utf8')).toBe('newer');
  expect(restored[0]?.undoUntilMs).toBeGreaterThan(agent.clock.nowMs());
  await agent.call('undo', { run: restored[0]?.run ?? '', evenIfChanged: false });
  expect(readFileSync(path, 'utf8')).toBe('spoilt');
});

test('a deleted file comes back together with its folder; a path that leads away does not', async () => {
  const { agent, folder, oneFile } = await openFiles();
  rmSync(join(folder, 'Özdemir'), { recursive: true });
  const path = join(folder, 'Özdemir', 'old', 'bill.txt');
  const request = oneFile('Özdemir/old/bill.txt');
  const preview = await agent.call('previewBringBack', { ...request, compare: false });
  expect(preview.targets).toMatchObject([{ path, obstacle: null, heldBy: [] }]);
  const { restored } = await agent.call('bringBack', request);
  // Nothing was there before: nothing is kept.
  expect(restored).toMatchObject([{ path, undoUntilMs: null }]);
  expect(readFileSync(path, 'utf8')).toBe('Özdemir/old/bill.txt\n');

  const outside = oneFile('../../outside.txt');
  expect(
    (await agent.call('previewBringBack', { ...outside, compare: false })).targets,
  ).toMatchObject([{ obstacle: { code: 'target-refused' } }]);
  await expect(agent.call('bringBack', outside)).rejects.toMatchObject({
    failure: { code: 'file-missing-in-point' },
  });
});

test('everything goes into a new folder, checked; a full name there is said before anything is written', async () => {
  const { agent, plan, crm, point } = await openFiles();
  const path = join(agent.folder, 'new');
  const request = {
    plan: plan.id,
    point,
    what: { kind: 'everything' },
    where: { kind: 'folder', path },
    goOnWithoutUndo: false,
  } as const;
  const preview = await agent.call('previewBringBack', { ...request, compare: true });
  const [database, files] = preview.targets;
  expect(database).toMatchObject({
    path: join(path, 'crm.db', 'crm.db'),
    way: null,
    obstacle: null,
    comparison: { kind: 'identical' },
  });
  expect(files).toMatchObject({ path: join(path, 'attachments'), comparison: null });
  const { restored } = await agent.call('bringBack', request);
  expect(restored).toMatchObject([
    { path: database?.path, bytes: database?.bytes, isIntegrityChecked: true, run: null },
    { path, files: 4, bytes: files?.bytes, undoUntilMs: null },
  ]);
  expect(pluck(database?.path ?? '', 'SELECT id FROM contacts')).toEqual(
    pluck(crm, 'SELECT id FROM contacts'),
  );
  expect(readFileSync(join(path, 'attachments', 'Özdemir', 'letter.bin')).equals(letter)).toBe(
    true,
  );
  const again = await agent.call('previewBringBack', { ...request, compare: false });
  expect(again.targets.map(({ obstacle }) => obstacle?.code)).toEqual([
    'target-exists',
    'target-exists',
  ]);
});

test('what cannot begin is no reason to begin with the others and stop halfway', async () => {
  const { agent, crm, folder, everything } = await openFiles();
  {
    using db = openDatabase(crm);
    db.exec("UPDATE companies SET name = 'since' WHERE id = 1");
  }
  rmSync(join(folder, 'Offer 1.txt'));
  mkdirSync(join(folder, 'Offer 1.txt'));
  const preview = await agent.call('previewBringBack', { ...everything, compare: false });
  expect(preview.targets.map(({ obstacle }) => obstacle?.code ?? null)).toEqual([
    null,
    'target-refused',
  ]);
  await expect(agent.call('bringBack', everything)).rejects.toMatchObject({
    failure: { code: 'target-refused' },
  });
  expect(pluck(crm, 'SELECT name FROM companies WHERE id = 1')).toEqual(['since']);
});

test('several databases come back on a computer where their folders are not there yet', async () => {
  const second = (folder: string): readonly string[] => {
    const path = join(folder, 'branch', 'crm.db');
    mkdirSync(join(folder, 'branch'));
    createLedger(path, { rows: 5, seed: 2 });
    return [path];
  };
  const { agent, plan, crm, backUp } = await openTestOffice(100, second);
  const branch = join(agent.folder, 'branch');
  const request = {
    plan: plan.id,
    point: await backUp(),
    what: { kind: 'everything' },
    where: { kind: 'in-place' },
    goOnWithoutUndo: false,
  } as const;
  rmSync(branch, { recursive: true });
  rmSync(crm);
  const preview = await agent.call('previewBringBack', { ...request, compare: false });
  expect(preview.targets.map(({ way, obstacle }) => [way, obstacle])).toEqual([
    ['swap', null],
    ['swap', null],
  ]);
  const { restored } = await agent.call('bringBack', request);
  expect(restored.map(({ path }) => path)).toEqual([crm, join(branch, 'crm.db')]);
  expect(pluck(crm, 'SELECT count(*) FROM contacts')).toEqual([100]);
  expect(pluck(join(branch, 'crm.db'), 'PRAGMA integrity_check')).toEqual(['ok']);
});

test('a folder comes back beside its database: what differs and what is missing, never over what came since', async () => {
  const { agent, folder, everything } = await openFiles();
  const at = (...parts: readonly string[]) => join(folder, ...parts);
  const text = (...parts: readonly string[]) => readFileSync(at(...parts), 'utf8');
  const offer = text('Offer 1.txt');
  writeFileSync(at('Özdemir', 'letter.bin'), 'spoilt');
  rmSync(at('Özdemir', 'old'), { recursive: true });
  writeFileSync(at('new.txt'), 'since');
  // As long and as old as it was: only its bytes tell.
  const { atimeMs, mtimeMs } = statSync(at('Offer 1.txt'));
  writeFileSync(at('Offer 1.txt'), offer.toUpperCase());
  utimesSync(at('Offer 1.txt'), atimeMs / 1000, mtimeMs / 1000);
  utimesSync(at('Özdemir', 'offer 2.txt'), 1_760_000_000, 1_760_000_000);

  const preview = await agent.call('previewBringBack', { ...everything, compare: false });
  expect(preview.targets).toMatchObject([
    { obstacle: null },
    { path: folder, way: 'file-by-file', obstacle: null },
  ]);
  const { restored } = await agent.call('bringBack', everything);
  const run = restored[1]?.run ?? '';
  expect(restored[1]).toMatchObject({ path: folder, files: 3, bytes: preview.targets[1]?.bytes });
  expect(readFileSync(at('Özdemir', 'letter.bin')).equals(letter)).toBe(true);
  expect([text('Offer 1.txt'), text('Özdemir', 'old', 'bill.txt'), text('new.txt')]).toEqual([
    offer,
    'Özdemir/old/bill.txt\n',
    'since',
  ]);
  expect(statSync(at('Özdemir', 'offer 2.txt')).mtimeMs).toBe(1_760_000_000_000);

  writeFileSync(at('new.txt'), 'later');
  writeFileSync(at('Özdemir', 'letter.bin'), 'written after the restore');
  await expect(agent.call('undo', { run, evenIfChanged: false })).rejects.toMatchObject({
    failure: { code: 'target-changed' },
  });
  expect(text('Özdemir', 'letter.bin')).toBe('written after the restore');
  const undone = await agent.call('undo', { run, evenIfChanged: true });
  expect(undone).toMatchObject({ target: folder, rows: null, redo: { target: folder } });
  expect([text('Özdemir', 'letter.bin'), text('Offer 1.txt'), text('new.txt')]).toEqual([
    'spoilt',
    offer.toUpperCase(),
    'later',
  ]);
  expect(existsSync(at('Özdemir', 'old', 'bill.txt'))).toBe(false);
  // What was written after the restore was kept before it went.
  const { points } = await agent.call('timeline', { plan: everything.plan });
  const { files } = await agent.call('pointFiles', {
    plan: everything.plan,
    point: points[0]?.id ?? '',
    search: 'letter',
    limit: 1,
  });
  expect(files).toMatchObject([{ bytes: 'written after the restore'.length }]);
  expect(points[0]).toMatchObject({ isSafetyPoint: true });

  await agent.call('undo', { run: undone.redo?.run ?? '', evenIfChanged: false });
  expect([text('Özdemir', 'letter.bin'), text('Offer 1.txt'), text('new.txt')]).toEqual([
    'written after the restore',
    offer,
    'later',
  ]);
  expect(text('Özdemir', 'old', 'bill.txt')).toBe('Özdemir/old/bill.txt\n');
});

test('a file that is written to after the state was kept is left to whoever wrote it, and said', async () => {
  const { agent, plan, point: id, folder, source: sourceId } = await openFiles();
  const [late, early] = [join(folder, 'Offer 1.txt'), join(folder, 'Özdemir', 'letter.bin')];
  for (const path of [late, early]) writeFileSync(path, 'spoilt');
  const { engine, clock } = agent;
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  const work = useVault(engine, vaultAtPlan(plan), context, async ({ vault }) => {
    const { point, index } = await findPoint(engine, vault, { kind: 'id', id });
    const source = point.sources.find((each) => each.id === sourceId);
    if (source === undefined) throw new Error('the folder is not in the point');
    return restoreFolderInPlace({
      tools: await restoreToolsOf(engine, context),
      from: { vault, point, notes: index.notes },
      source,
      folder,
      safety: { inVault: null, folders: [], goOnWithout: true },
      only: null,
      removes: [],
      onSafetyPoint: async () => writeFileSync(late, 'written meanwhile'),
    });
  });
  const { files, problems } = await clock.drive(work);
  expect([files, problems.map(({ failure }) => failure)]).toEqual([
    1,
    [{ code: 'target-changed', path: late }],
  ]);
  expect(readFileSync(late, 'utf8')).toBe('written meanwhile');
  expect(readFileSync(early).equals(letter)).toBe(true);
});

test('a folder is left as it is when one of its files cannot be kept, until that is asked for', async () => {
  const { agent, plan, point: id, folder, source } = await openFiles();
  const path = join(folder, 'Özdemir', 'letter.bin');
  const spoilt = Buffer.alloc(letter.length, 'spoilt ');
  writeFileSync(path, spoilt);
  let isReadable = false;
  const host = await agent.engine.host();
  const openRawFile: typeof host.openRawFile = async (wanted) => {
    const failure = { code: 'source-unreadable', path: wanted, detail: 'EACCES' } as const;
    if (wanted === path && !isReadable) throw new BackupError(failure);
    return host.openRawFile(wanted);
  };
  const engine = { ...agent.engine, host: async () => ({ ...host, openRawFile }) };
  const { place } = vaultAtPlan(plan);
  const bringBack = async (goOnWithoutUndo: boolean) => {
    const context = { signal: new AbortController().signal, onProgress: () => undefined };
    const only = { kind: 'source', source } as const;
    const wanted = { kind: 'id', id } as const;
    const request = { place, wanted, only, goOnWithoutUndo };
    return agent.clock.drive(restoreInPlaceJob(engine, request, context));
  };
  await expect(bringBack(false)).rejects.toMatchObject({
    failure: { code: 'no-safety-point', path },
  });
  expect(readFileSync(path).equals(spoilt)).toBe(true);
  expect(await bringBack(true)).toMatchObject([{ safety: null, undoUntilMs: null }]);
  expect(readFileSync(path).equals(letter)).toBe(true);

  // A pipe has nothing to keep.
  writeFileSync(path, spoilt);
  isReadable = true;
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  expect(await bringBack(false)).toMatchObject([{ safety: { kind: 'point' } }]);
  expect(readFileSync(path).equals(letter)).toBe(true);
});
