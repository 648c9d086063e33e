/**
 * Each file system keeps what the product promises on it: the storage suite, backups of a CRM that is being written, their
 * restore byte for byte, and a CRM that lies there brought back in place and back again.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, test } from 'vitest';
import { listenToOffice, type RemoteOffice } from '../support/mounts/remote-office.ts';
import { fileSystems, type FileSystem } from '../support/mounts/file-systems.ts';
import { missingFor } from '../support/mounts/mount-needs.ts';
import { recordTrial, type ResultPart } from '../support/mounts/results.ts';
import { openTrial, type Trial, type TrialFolders } from '../support/mounts/trial.ts';
import { readSuiteReport } from '../support/suite-report.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

type Note = (facts: ResultPart['facts']) => void;

const root = fileURLToPath(new URL('../..', import.meta.url));
const node = process.execPath;

/** The storage suite, its folders on the file system; what came of it goes to `report`. */
const conformance = ({ mounted, local }: TrialFolders, report: string): string => `
mkdir "${mounted}/suite"
(cd '${root}' && TMPDIR="${mounted}/suite" '${node}' node_modules/vitest/vitest.mjs run --project mounted \\
  --reporter=json --outputFile='${report}') >"${local}/suite.txt" 2>&1 </dev/null
echo "@conformance $?"`;

interface OfficeTask {
  readonly crm: string;
  readonly data: string;
  readonly steps: string;
}

const office = ({ mounted, local }: TrialFolders, { crm, data, steps }: OfficeTask): string => {
  const task = { place: `${mounted}/vault`, crm, dataFolder: join(local, data), steps };
  return `
echo '@office ${data}'
'${node}' '${inject('officeFolder')}/office-program.js' '${JSON.stringify(task)}'`;
};

describe.each(fileSystems)('$title', (fileSystem) => {
  const { name, title } = fileSystem;
  test.skipIf(missingFor(fileSystem.where, fileSystem.needs).length > 0)(
    'keeps what is stored on it, and a CRM that lies on it comes back in place',
    async () =>
      recordTrial({ name, title, kind: 'file-system' }, async (note) => tryIt(fileSystem, note)),
  );
});

async function tryIt(fileSystem: FileSystem, note: Note): Promise<void> {
  const report = join(await makeTemporaryFolder(), 'report.json');
  const [besideSteps, onItSteps] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
  await using trial = await openTrial(fileSystem, (folders) => {
    const beside = { crm: `${folders.local}/crm/crm.db`, data: 'beside', steps: besideSteps };
    const onIt = { crm: `${folders.mounted}/crm/crm.db`, data: 'on-it', steps: onItSteps };
    return [conformance(folders, report), office(folders, beside), office(folders, onIt)].join(
      '\n',
    );
  });
  const mounted = await trial.lines.next((line) => line.startsWith('@mounted '));
  expect(mounted).not.toBe('@mounted nothing');
  await checkConformance(trial, report, note);
  await protectLiveCrm(await startOffice(trial, 'beside', besideSteps), note);
  await bringBackInPlace(await startOffice(trial, 'on-it', onItSteps), note);
}

async function startOffice(trial: Trial, data: string, steps: string): Promise<RemoteOffice> {
  const isStart = (line: string): boolean => line === `@office ${data}`;
  await trial.lines.next(isStart);
  const remote = listenToOffice(trial.lines, steps, trial.lines.all().findIndex(isStart));
  await remote.ready();
  return remote;
}

async function checkConformance(trial: Trial, reportPath: string, note: Note): Promise<void> {
  const ended = await trial.lines.next((line) => line.startsWith('@conformance '));
  const report = JSON.parse(await readFile(reportPath, 'utf8')) as unknown;
  const outcome = readSuiteReport(
    report,
    { exitCode: Number(ended.split(' ')[1]), output: '' },
    [],
  );
  note({ conformance: outcome.passed, failed: outcome.failures.length });
  expect(outcome.failures).toEqual([]);
  expect(outcome.passed).toBeGreaterThanOrEqual(50);
}

/** The vault on the file system, the CRM beside it, open and written to all the time. */
async function protectLiveCrm(remote: RemoteOffice, note: Note): Promise<void> {
  await remote.run({ do: 'createVault' });
  await remote.run({ do: 'putCrm', from: inject('sampleCrm'), journal: 'wal' });
  await remote.run({ do: 'startWriter' });
  const full = await remote.run({ do: 'backUp' });
  const live = await remote.run({ do: 'backUp' });
  await remote.run({ do: 'pauseWriter' });
  const quiet = await remote.run({ do: 'backUp' });
  expect([full.kind, live.kind, quiet.kind]).toEqual(['full', 'incremental', 'incremental']);
  const compared = await remote.run({ do: 'compareFiles' });
  expect(compared).toMatchObject({ isEqual: true });
  await remote.run({ do: 'stopWriter' });
  const checked = await remote.run({ do: 'check' });
  expect(checked, checked.output).toMatchObject({ isSound: true });
  expect(checked.found).toMatchObject(quiet.reported ?? {});
  // What was captured between two writes is known to nobody: it has to be a whole database.
  const contents = Object.values(checked.found ?? {});
  expect(contents).toHaveLength(3);
  for (const content of contents) expect(content).toMatch(/^[0-9a-f]{16}$/u);
  await remote.start({ do: 'end' });
  note({ backups: 3, 'byte for byte': 'yes' });
}

/** The CRM on the file system; another computer that shares the folder changes it. */
async function bringBackInPlace(remote: RemoteOffice, note: Note): Promise<void> {
  for (const journal of ['delete', 'wal'] as const) {
    const before = await remote.run({ do: 'putCrm', from: inject('sampleCrm'), journal });
    const kept = await remote.run({ do: 'backUp' });
    const change = { do: 'changeCrm', seed: 3, share: 0.1, elsewhere: true } as const;
    const changed = await remote.run(change);
    expect(changed.crm).not.toBe(before.crm);
    const restored = await remote.run({ do: 'restoreInPlace', point: kept.point ?? '' });
    expect(restored.crm).toBe(before.crm);
    const undone = await remote.run({ do: 'undo' });
    expect(undone.crm).toBe(changed.crm);
    note({ [`in place, ${journal}`]: `${kept.label}, ${restored.way}, undone` });
  }
  const checked = await remote.run({ do: 'check' });
  expect(checked, checked.output).toMatchObject({ isSound: true });
  for (const content of Object.values(checked.found ?? {}))
    expect(content).toMatch(/^[0-9a-f]{16}$/u);
}
