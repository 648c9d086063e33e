// Where programs and people usually keep databases, and what is not worth a look there. Pure.
// `/var/lib` is left out on purpose: what lies there belongs to services of the system and is mostly not readable for the user.
import { posix, win32 } from 'node:path';
import type { WalkRoot } from './walk-bounded.ts';

export interface UsualSurroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Likeliest first. The home folder itself brings Documents and Desktop in any language. */
export function usualFolders({ platform, home, env }: UsualSurroundings): readonly WalkRoot[] {
  const { join } = platform === 'win32' ? win32 : posix;
  const below = (depth: number, ...paths: readonly (string | undefined)[]): WalkRoot[] =>
    paths.flatMap((path) => (path === undefined || path === '' ? [] : [{ path, depth }]));
  const own = below(4, join(home, 'Documents'), join(home, 'Desktop'), home);
  if (platform === 'win32') {
    const shared = env['PUBLIC'] === undefined ? undefined : join(env['PUBLIC'], 'Documents');
    const programs = below(4, env['APPDATA'], env['LOCALAPPDATA'], env['PROGRAMDATA']);
    // Older programs keep their data in a folder of their own at the root of the disk.
    return [
      ...own,
      ...below(4, shared),
      ...programs,
      ...below(3, `${env['SystemDrive'] ?? 'C:'}\\`),
    ];
  }
  if (platform === 'darwin') {
    return [...own, ...below(4, join(home, 'Library', 'Application Support'), '/Users/Shared')];
  }
  const programs = env['XDG_DATA_HOME'] ?? join(home, '.local', 'share');
  return [...own, ...below(4, programs, '/srv', '/opt')];
}

/** Names of folders that hold no customer's data: what can be made anew, browsers, the system's own, media. */
const worthless = new Set(
  [
    'node_modules site-packages __pycache__ venv vendor target build dist',
    'cache caches cachestorage gpucache temp tmp logs crashpad crashes trash',
    'mozilla firefox thunderbird chromium chrome google bravesoftware vivaldi safari opera microsoft',
    'windows winsxs perflogs recovery packages appdata library system users programdata',
    'steam steamapps flatpak gvfs-metadata containers docker',
    'music pictures videos movies',
  ].flatMap((line) => line.split(' ')),
);
const WORTHLESS_PHRASE =
  /^(?:code cache|service worker|indexeddb|program files(?: \(x86\))?|opera software|system volume information|group containers|local storage|session storage|holdfast)$/iu;

/** True for folders below a root that are not walked; hidden ones are none of the user's. */
export function isWorthlessFolder(name: string): boolean {
  return /^[.$]/u.test(name) || worthless.has(name.toLowerCase()) || WORTHLESS_PHRASE.test(name);
}

/** Endings of files that are surely no database, so that they need not be opened to be known. */
const otherEndings = new Set(
  [
    'txt md rtf pdf doc docx odt xls xlsx ods csv ppt pptx odp html htm xml json yaml yml toml ini cfg conf log',
    'jpg jpeg png gif bmp svg webp ico tif tiff heic psd mp3 mp4 m4a wav flac ogg mov avi mkv webm',
    'zip gz bz2 xz zst 7z rar tar iso dmg msi exe dll so dylib jar apk deb rpm appimage bin pak asar wasm',
    'js mjs cjs ts tsx jsx css scss map py rb php java c h cpp cs go rs sh bat ps1 sql ttf otf woff woff2',
    'lnk url tmp bak part crdownload lock pid sock eml msg pst ost vcf ics key pem crt cer po mo',
  ].flatMap((line) => line.split(' ')),
);
const SIDE_FILE = /-(?:wal|shm|journal)$/iu;

/** True for files whose first bytes are worth reading. */
export function mayBeDatabase(name: string): boolean {
  if (SIDE_FILE.test(name) || name.startsWith('.')) return false;
  const ending = /\.([^.]+)$/u.exec(name)?.[1]?.toLowerCase();
  return ending === undefined || !otherEndings.has(ending);
}
