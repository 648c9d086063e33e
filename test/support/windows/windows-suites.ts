/**
 * What runs on Windows: test files of all suites, as they are, and those of `test/windows`. A test that asks for something
 * that Windows or Wine does not have is named with the reason; it is run all the same, and one that passes is a stale entry.
 */

export type WindowsSuite = {
  readonly file: string;
  /** Only tests whose whole name matches. */
  readonly only?: RegExp;
  /** Beginning of a test's name -> why it cannot hold there. */
  readonly differs?: Readonly<Record<string, string>>;
};

const noLinks = 'Wine makes no links, and takes those of Linux for what is behind them';
const noModes = 'Windows has no owner, group and other rights in a mode';
const noHolders = 'only Linux tells which programs have a file open';
const noShell = 'there is no shell to make a pipe with';
const openFiles =
  'a file that is removed while somebody has it open keeps its name until it is closed';

export const windowsSuites: readonly WindowsSuite[] = [
  { file: 'test/windows/wine-itself.test.ts' },
  { file: 'test/windows/sharing-violations.test.ts' },
  { file: 'test/windows/names-and-paths.test.ts' },
  { file: 'test/windows/live-office.test.ts' },
  { file: 'test/windows/command-line.test.ts' },
  { file: 'test/conformance/storage.test.ts' },
  { file: 'test/conformance/folder-storage.test.ts' },
  { file: 'test/unit/restore/safe-target.test.ts' },
  { file: 'test/unit/restore/place-entries.test.ts' },
  { file: 'test/unit/model/windows-path.test.ts' },
  { file: 'test/unit/engine/planned-source.test.ts' },
  { file: 'test/integration/capture-live.test.ts' },
  { file: 'test/integration/capture-snapshot.test.ts' },
  { file: 'test/integration/capture-odd-files.test.ts' },
  { file: 'test/integration/capture-untouched.test.ts' },
  { file: 'test/integration/backup.test.ts' },
  { file: 'test/integration/folder-source.test.ts' },
  { file: 'test/integration/restore-into-folder.test.ts' },
  { file: 'test/integration/restore-in-place.test.ts' },
  { file: 'test/integration/restore-undo.test.ts' },
  { file: 'test/integration/restore-odd-entries.test.ts' },
  { file: 'test/integration/restore-killed.test.ts' },
  { file: 'test/integration/lease.test.ts' },
  { file: 'test/integration/process-identity.test.ts' },
  { file: 'test/integration/plans/plan-files.test.ts' },
  { file: 'test/integration/history/open-history.test.ts' },
  { file: 'test/faults/hostile-vault.test.ts' },
];
void [noLinks, noModes, noHolders, noShell, openFiles];
