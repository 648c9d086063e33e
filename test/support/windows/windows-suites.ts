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

const noHolders = 'only Linux tells which programs have a file open; the product then claims less';

export const windowsSuites: readonly WindowsSuite[] = [
  { file: 'test/windows/live-office.test.ts' },
  { file: 'test/windows/names-and-paths.test.ts' },
  { file: 'test/windows/sharing-violations.test.ts' },
  { file: 'test/windows/command-line.test.ts' },
  { file: 'test/windows/wine-itself.test.ts' },
  // A stick with FAT or exFAT; a disk and a share are in names-and-paths.
  { file: 'test/conformance/storage.test.ts', only: /^folder without hard links/u },
  { file: 'test/integration/capture-live.test.ts' },
  {
    file: 'test/integration/restore-in-place.test.ts',
    // The others ask for names of programs and for links, which are not told there.
    only: /closed database is what|\((wal|spilling)\) are restored whole beside/u,
  },
  { file: 'test/integration/restore-undo.test.ts' },
  {
    file: 'test/integration/capture-untouched.test.ts',
    only: /^files are the same before and after/u,
    differs: {
      'files are the same before and after > a WAL database that a program has open': noHolders,
      'files are the same before and after > a log without its index': noHolders,
    },
  },
  { file: 'test/unit/restore/safe-target.test.ts' },
  { file: 'test/unit/restore/place-entries.test.ts' },
  { file: 'test/unit/model/windows-path.test.ts' },
  { file: 'test/unit/engine/planned-source.test.ts' },
];
