// Forms of a path on Windows, by its text alone.

/** SQLite writes `-journal` behind a name, and Windows takes 259 characters unless a path says that it is long. */
const LONGEST_PLAIN = 240;

/** True for a share: `\\server\share`, also in its long form. */
export function isShare(path: string): boolean {
  return /^[\\/]{2}(?![?.][\\/](?!UNC[\\/]))/iu.test(path);
}

/** Without the prefix of the long form: Node adds it where it is needed, and resolves no links in a path that has it. */
export function withoutLongForm(path: string): string {
  const share = /^\\\\\?\\UNC\\(.*)$/isu.exec(path);
  if (share !== null) return `\\\\${share[1] ?? ''}`;
  return /^\\\\\?\\[a-z]:/iu.test(path) ? path.slice(4) : path;
}

/** For programs that hand a path to Windows as it is: the long form where it is needed. The path is absolute. */
export function inLongForm(path: string): string {
  if (path.length <= LONGEST_PLAIN || /^[\\/]{2}[?.][\\/]/u.test(path)) return path;
  const plain = path.replaceAll('/', '\\');
  return plain.startsWith('\\\\') ? `\\\\?\\UNC\\${plain.slice(2)}` : `\\\\?\\${plain}`;
}
