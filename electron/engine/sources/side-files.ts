// The files that SQLite keeps beside a database. They belong to it: never a source, never a file of a folder.

export const sideFileSuffixes = ['-wal', '-shm', '-journal'] as const;
export type SideFileSuffix = (typeof sideFileSuffixes)[number];

/** Path of a side file. */
export function sideFileOf(path: string, suffix: SideFileSuffix): string {
  return path + suffix;
}
