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

const keepsName = 'a file that is removed while it is open keeps its name until it is closed';
const half = 'temporary files are listed apart, with their tag, and can be tidied away';

export const windowsSuites: readonly WindowsSuite[] = [
  { file: 'test/windows/wine-itself.test.ts' },
  { file: 'test/windows/sharing-violations.test.ts' },
  {
    file: 'test/windows/names-and-paths.test.ts',
    differs: {
      [`a drive with a letter storage > ${half}`]: keepsName,
      [`a share by its address storage > ${half}`]: keepsName,
    },
  },
  { file: 'test/windows/live-office.test.ts' },
  { file: 'test/windows/command-line.test.ts' },
  {
    file: 'test/conformance/storage.test.ts',
    // A stick with FAT or exFAT; the others are the two above.
    only: /^folder without hard links/u,
    differs: { [`folder without hard links storage > ${half}`]: keepsName },
  },
  { file: 'test/unit/restore/safe-target.test.ts' },
  { file: 'test/unit/restore/place-entries.test.ts' },
  { file: 'test/unit/model/windows-path.test.ts' },
  { file: 'test/unit/engine/planned-source.test.ts' },
  { file: 'test/integration/capture-live.test.ts' },
  {
    file: 'test/integration/restore-in-place.test.ts',
    // The others ask for names of programs and for links, which are not told there.
    only: /closed database is what|\((wal|spilling)\) are restored whole beside/u,
  },
  { file: 'test/integration/restore-undo.test.ts' },
];
