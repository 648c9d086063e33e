// Backups onto a real network share as a desktop mounts it: whole, through a server that goes away, and when it cannot be.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { connectJob } from '../../electron/jobs/connect-job.ts';
import { createPlan } from '../../electron/jobs/plan-jobs.ts';
import { reportPlan } from '../../electron/jobs/plan-status-job.ts';
import { restoreFolderJob } from '../../electron/jobs/restore-folder-job.ts';
import { testPlaceJob } from '../../electron/jobs/test-place-job.ts';
import { verifyJob } from '../../electron/jobs/verify-job.ts';
import { createGioShares } from '../../electron/platform/shares/gio-shares.ts';
import { failureOf } from '../../shared/model/backup-error.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { parseShareAddress } from '../../shared/model/share-address.ts';
import { createSampleCrm } from '../support/sample-crm.ts';
import { SHARE_PASSWORD, SHARE_USER } from '../support/shares/samba-server.ts';
import { openShareEngine, type ShareEngine } from '../support/shares/share-engine.ts';
import { canShare } from '../support/shares/share-needs.ts';
import { useShareOffice } from '../support/shares/share-office.ts';

const failure = async (work: Promise<unknown>): Promise<Failure | null> =>
  work.then(
    () => null,
    (error: unknown) => failureOf(error),
  );

async function makeCrm(folder: string, bytes = 4 << 20): Promise<string> {
  const path = join(folder, 'crm.db');
  createSampleCrm(path, { seed: 5, size: { bytes }, journalMode: 'delete' });
  return path;
}

async function restored({ engine, context, folder }: ShareEngine, place: string): Promise<Buffer> {
  const into = join(folder, `back-${randomBytes(4).toString('hex')}`);
  const wanted = { kind: 'latest' } as const;
  await restoreFolderJob(engine, { place, wanted, only: null, folder: into }, context);
  return readFile(join(into, 'crm.db'));
}

describe.skipIf(!canShare)('a share as the place of copies', () => {
  const office = useShareOffice();
  const { address, connected } = office;
  const newPlace = (): string => `${address('copies')}/crm-${randomBytes(4).toString('hex')}`;

  test('copies are made, checked and brought back; then the share is let go', async () => {
    const lab = await openShareEngine();
    const crm = await makeCrm(lab.folder);
    const place = newPlace();
    await lab.createVault(place);
    const { provedBytes } = await lab.backup(place, crm);
    expect(provedBytes).toBeGreaterThan(1 << 20);
    const request = { place, depth: 'data', planId: null, expectedVault: null } as const;
    await expect(verifyJob(lab.engine, request, lab.context)).resolves.toMatchObject({
      isSound: true,
    });
    expect(await restored(lab, place)).toEqual(await readFile(crm));
    expect(await connected()).toHaveLength(1);
    await lab.close();
    expect(await connected()).toEqual([]);
  });

  test('a server that restarts while a copy is read back only delays it', async () => {
    const lab = await openShareEngine();
    const crm = await makeCrm(lab.folder);
    const place = newPlace();
    await lab.createVault(place);
    let isCut = false;
    let back: Promise<void> = Promise.resolve();
    await lab.backup(place, crm, ({ phase }) => {
      if (phase !== 'prove' || isCut) return;
      isCut = true;
      back = restartServer();
    });
    await back;
    expect(isCut).toBe(true);
    expect(await restored(lab, place)).toEqual(await readFile(crm));
  });

  test('a mount that is gone when the server comes back is made anew', async () => {
    const lab = await openShareEngine();
    const crm = await makeCrm(lab.folder);
    const place = newPlace();
    await lab.createVault(place);
    await lab.backup(place, crm);
    await using _held = await lab.engine.places.hold(place, null);
    execFileSync('gio', ['mount', '--unmount', address('copies')]);
    expect(await connected()).toEqual([]);
    expect(await restored(lab, place)).toEqual(await readFile(crm));
  });

  test('a server that goes away while a copy is written: the run fails and says where; the next one is whole', async () => {
    const lab = await openShareEngine();
    const crm = await makeCrm(lab.folder, 24 << 20);
    const place = newPlace();
    await lab.createVault(place);
    const cuts: Promise<void>[] = [];
    const stopped = await failure(
      lab.backup(place, crm, ({ phase, bytesDone }) => {
        const isTime = phase === 'read' && bytesDone >= 4 << 20 && cuts.length === 0;
        if (isTime) cuts.push(office.server().cut());
      }),
    );
    await Promise.all(cuts);
    await office.server().start();
    expect(stopped).toMatchObject({ code: 'place-unreachable', place });
    expect(JSON.stringify(stopped)).not.toContain(office.session().mounts);
    await lab.backup(place, crm);
    expect(await restored(lab, place)).toEqual(await readFile(crm));
    const request = { place, depth: 'data', planId: null, expectedVault: null } as const;
    await expect(verifyJob(lab.engine, request, lab.context)).resolves.toMatchObject({
      isSound: true,
    });
  });

  async function restartServer(): Promise<void> {
    await office.server().cut();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await office.server().start();
  }

  test('a look at the light connects nothing, and tells what was seen last', async () => {
    const lab = await openShareEngine();
    const { engine, context } = lab;
    const crm = await makeCrm(lab.folder, 1 << 20);
    const place = newPlace();
    await lab.createVault(place);
    const draft = {
      name: 'CRM',
      sources: [crm],
      places: [place],
      schedule: { kind: 'interval', everyMs: 3_600_000 },
    };
    const plan = await createPlan(engine, draft, context);
    expect((await reportPlan(engine, plan)).placesHere).toEqual(new Set([place]));
    await engine.places.close();
    const report = await reportPlan(engine, plan);
    expect(report.placesHere).toEqual(new Set());
    expect(report.facts.places[0]?.seen).not.toBeNull();
    expect(await connected()).toEqual([]);
  });

  test('a share that the person has connected is used and left alone', async () => {
    const share = parseShareAddress(address('copies'));
    if (share === null) throw new Error('no address');
    const shares = createGioShares();
    const { signal } = new AbortController();
    const { folder } = await shares.connect(share, SHARE_PASSWORD, signal);
    // Nobody has told Holdfast the password.
    const lab = await openShareEngine(null);
    await lab.createVault(newPlace());
    await lab.close();
    expect(await shares.find(share)).toBe(folder);
    await shares.disconnect(share, folder);
  });

  test('what is wrong is said of the place, in its own code', async () => {
    const lab = await openShareEngine('wrong');
    const { engine, context } = lab;
    const crm = await makeCrm(lab.folder, 1 << 20);
    const place = newPlace();
    const tryPlace = async (path: string): Promise<Failure | null> =>
      (await testPlaceJob(engine, { path, sources: [crm] })).failure;
    expect(await tryPlace(place)).toMatchObject({ code: 'share-refused', user: SHARE_USER });
    engine.sharePasswords.offer(place, SHARE_PASSWORD);
    expect(await tryPlace(place)).toBeNull();
    engine.sharePasswords.offer(address('nowhere'), SHARE_PASSWORD);
    expect(await tryPlace(address('nowhere'))).toMatchObject({ code: 'share-missing' });
    const below = `${place}/not-there/crm`;
    expect(await tryPlace(below)).toEqual({
      code: 'place-missing',
      place: `${place}/not-there`,
    });
    const locked = address('locked');
    engine.sharePasswords.offer(locked, SHARE_PASSWORD);
    expect(await tryPlace(locked)).toEqual({ code: 'place-read-only', place: locked });
    await expect(
      failure(connectJob(engine, { place: locked, remember: false }, context)),
    ).resolves.toEqual({ code: 'vault-missing', place: locked });
  });

  test('a share without room left is full, and takes copies again when there is room', async () => {
    const lab = await openShareEngine();
    const small = await makeCrm(await mkdirIn(lab.folder, 'small'), 1 << 20);
    const large = await makeCrm(await mkdirIn(lab.folder, 'large'), 40 << 20);
    const place = `${address('small')}/crm`;
    await lab.createVault(place);
    expect(await failure(lab.backup(place, large))).toMatchObject({ code: 'place-full', place });
    await lab.backup(place, small);
    expect(await restored(lab, place)).toEqual(await readFile(small));
  });

  test('a password that the server refused is not tried again by itself', async () => {
    const lab = await openShareEngine('wrong');
    const place = newPlace();
    await mkdir(join(lab.folder, 'bin'));
    const calls = join(lab.folder, 'calls');
    await writeFile(
      join(lab.folder, 'bin/gio'),
      `#!/bin/sh\necho call >>'${calls}'\nexec /usr/bin/gio "$@"\n`,
      {
        mode: 0o755,
      },
    );
    const pathBefore = process.env['PATH'];
    process.env['PATH'] = `${join(lab.folder, 'bin')}:${pathBefore}`;
    try {
      for (let time = 0; time < 3; time += 1) {
        expect(await failure(lab.createVault(place))).toMatchObject({ code: 'share-refused' });
      }
    } finally {
      process.env['PATH'] = pathBefore;
    }
    expect(await readFile(calls, 'utf8')).toBe('call\n');
  });
});

async function mkdirIn(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}
