// Where the app keeps its own data, for every entry alike: the window's agent and the command line see the same plans.
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** What the data folder depends on; the defaults are this process's own. */
export interface DataFolderSurroundings {
  /** From `--data-dir`; stands above everything else. */
  readonly dataDir?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
  /** What a relative `dataDir` is relative to. */
  readonly cwd?: string;
}

/** The absolute path of the data folder; it need not exist. */
export function dataFolder({
  dataDir,
  env = process.env,
  platform = process.platform,
  home = homedir(),
  cwd = process.cwd(),
}: DataFolderSurroundings = {}): string {
  const paths = platform === 'win32' ? win32 : posix;
  const chosen = nonEmpty(dataDir) ?? nonEmpty(env['HOLDFAST_DATA_DIR']);
  if (chosen !== undefined) return paths.resolve(cwd, chosen);
  if (platform === 'win32') {
    const local = nonEmpty(env['LOCALAPPDATA']) ?? paths.join(home, 'AppData', 'Local');
    return paths.join(local, 'Holdfast');
  }
  if (platform === 'darwin') return paths.join(home, 'Library', 'Application Support', 'Holdfast');
  const xdg = nonEmpty(env['XDG_DATA_HOME']);
  // The XDG specification: a relative path there is to be ignored.
  const base = xdg !== undefined && paths.isAbsolute(xdg) ? xdg : paths.join(home, '.local/share');
  return paths.join(base, 'holdfast');
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
