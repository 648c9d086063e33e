// A volume: something that is mounted, with what tells it from every other one. Letters and mount folders change; `id` stays.
// Pure: how volumes are found out lies in one file for each system.

export type VolumeKind =
  | 'disk'
  /** Can be pulled out: USB, card, or mounted where systems mount such. */
  | 'removable'
  | 'network'
  /** Memory, a container's layers: nothing that holds copies. */
  | 'other';

export interface Volume {
  /** Where it is mounted, e.g. `/media/a/BLUE`, `E:\`, `\\nas\office`. */
  readonly folders: readonly string[];
  readonly kind: VolumeKind;
  /** Of its file system, made when it was formatted; null: the system does not tell. */
  readonly id: string | null;
  readonly label: string | null;
  /** Whole disks that it lies on, by names that mean something only now; empty: not known. */
  readonly disks: readonly string[];
  /** The computer that serves it; null: a volume of this one, or not told. */
  readonly host: string | null;
  readonly isReadOnly: boolean;
  /** Mounted for the system's own purposes. */
  readonly isForSystem: boolean;
}

/** What a parser says of a volume; the rest is as with most. */
export function volume(known: Pick<Volume, 'folders' | 'kind'> & Partial<Volume>): Volume {
  return {
    id: null,
    label: null,
    disks: [],
    host: null,
    isReadOnly: false,
    isForSystem: false,
    ...known,
  };
}

/** The volume that holds an absolute path without links, and the folder it is mounted at; null: none is known. */
export function volumeHolding(
  path: string,
  volumes: readonly Volume[],
  platform: NodeJS.Platform = process.platform,
): { readonly volume: Volume; readonly folder: string } | null {
  const wanted = comparable(path, platform);
  let best: { volume: Volume; folder: string } | null = null;
  for (const each of volumes) {
    for (const folder of each.folders) {
      if (!isWithin(wanted, comparable(folder, platform))) continue;
      // Of two mounts on one folder the later one is seen.
      if (best === null || folder.length >= best.folder.length) best = { volume: each, folder };
    }
  }
  return best;
}

/** Windows and macOS take upper and lower case for the same. */
function comparable(path: string, platform: NodeJS.Platform): string {
  const plain = platform === 'win32' ? path.replaceAll('/', '\\') : path;
  return platform === 'linux' ? plain : plain.toLowerCase();
}

function isWithin(path: string, folder: string): boolean {
  const bare = folder.replace(/[\\/]+$/u, '');
  return (
    path === folder ||
    path === bare ||
    path.startsWith(`${bare}${folder.includes('\\') ? '\\' : '/'}`)
  );
}
