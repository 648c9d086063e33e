/**
 * What an end-to-end test judges a story by, past the app: the copies as the emergency reader restores them, and the
 * history's own file as SQLite reads it.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readerPath, runScript, type ReaderResult, type Secrets } from './emergency-reader.ts';
import { dumpDatabase } from './logical-dump.ts';
import { passphrase, query, type Office } from './office.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** The folder that Holdfast made for the copies of the only plan. */
export async function vaultOf({ disk }: Pick<Office, 'disk'>): Promise<string> {
  const names = await readdir(disk);
  expect(names).toHaveLength(1);
  return join(disk, names[0] ?? '');
}

/** As somebody without the app would open the copies. */
export async function readCopies(
  office: Office,
  args: readonly string[],
  secrets: Secrets = { HOLDFAST_PASSPHRASE: passphrase },
): Promise<ReaderResult> {
  return runScript(readerPath, [...args, '--vault', await vaultOf(office)], secrets);
}

/** How many restore points the emergency reader lists. */
export async function countPoints(office: Office): Promise<number> {
  const { exitCode, output, errors } = await readCopies(office, ['list']);
  expect(exitCode, errors).toBe(0);
  return output.match(/^[0-9a-f]{8,}\b/gmu)?.length ?? 0;
}

/** The newest copy, restored without the app, is the CRM as it is now. */
export async function expectCopyIsCrm(office: Office, secrets?: Secrets): Promise<void> {
  const out = await makeTemporaryFolder();
  const { exitCode, errors } = await readCopies(office, ['restore', 'latest', out], secrets);
  expect(exitCode, errors).toBe(0);
  const names = await readdir(out, { recursive: true });
  const restored = names.filter((name) => name.endsWith('.db'));
  expect(restored).toHaveLength(1);
  expect(dumpDatabase(join(out, restored[0] ?? ''))).toBe(dumpDatabase(office.crm));
}

/** How the plan's backups ended, oldest first. */
export function backupStates({ dataFolder }: Pick<Office, 'dataFolder'>): readonly unknown[] {
  return query(
    join(dataFolder, 'history.db'),
    "SELECT state FROM runs WHERE kind = 'backup' ORDER BY started_at_ms, rowid",
  ).flat();
}
