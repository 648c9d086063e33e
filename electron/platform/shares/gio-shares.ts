// Network shares on Linux desktops: `gio mount` of GLib, which every GNOME, Cinnamon and XFCE session serves. The share
// then has a folder below the session's `gvfs`.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { formatShareRoot, type ShareAddress } from '../../../shared/model/share-address.ts';
import { findConnected } from './find-connected.ts';
import { answerGio, isMountedAlready, readGioTrouble } from './gio-dialogue.ts';
import { findGvfsMount } from './gvfs-mounts.ts';
import { runShareTool, type ShareToolEnd } from './run-share-tool.ts';
import { assertPasswordKnown, shareFailure, troubleOfEnd } from './share-failures.ts';
import type { ConnectedShare, ShareConnector } from './share-connector.ts';

/** A server that is off answers never; the network's own patience is longer. */
const CONNECT_WITHIN_MS = 30_000;
const DISCONNECT_WITHIN_MS = 10_000;
/** The folder shows a moment after the mount; where one was let go just before, it answers with EIO for a second or two. */
const FOLDER_LOOKS = 25;
const FOLDER_LOOK_MS = 200;
const LIST_FAILS = 'the list of connected shares cannot be read';
const NEEDS_GIO = 'gio (libglib2.0-bin, gvfs-backends, gvfs-fuse)';
const NEEDS_FUSE = 'gvfs-fuse';
const NEEDS_SESSION = 'a desktop session (D-Bus)';

/** Mounts for the session that this process belongs to. */
export function createGioShares(): ShareConnector {
  return {
    find: findFolder,
    connect: async (share, password, signal) =>
      (await findConnected(findFolder, share)) ?? mount(share, password, signal),
    isConnected: async (share) => (await lookForFolder(share)).kind !== 'absent',
    async disconnect(share) {
      await runShareTool({
        program: 'gio',
        arguments: ['mount', '--unmount', gvfsAddress(share)],
        answer: () => null,
        withinMs: DISCONNECT_WITHIN_MS,
      });
    },
  };
}

async function mount(
  share: ShareAddress,
  password: string | null,
  signal: AbortSignal,
): Promise<ConnectedShare> {
  if (!hasSession()) throw shareFailure(share, { kind: 'tool-missing', needs: NEEDS_SESSION });
  assertPasswordKnown(share, password);
  const asGuest = share.user === null;
  const end = await runShareTool({
    program: 'gio',
    arguments: ['mount', ...(asGuest ? ['--anonymous'] : []), gvfsAddress(share)],
    answer: answerGio({ ...share, password: password ?? '' }),
    withinMs: CONNECT_WITHIN_MS,
    signal,
  });
  const wasThere = assertMounted(share, password, end);
  for (let look = 0; look < FOLDER_LOOKS; look += 1) {
    const folder = await findFolder(share);
    if (folder !== null && (await answers(folder))) return { folder, wasThere };
    await sleep(FOLDER_LOOK_MS);
  }
  const isUnknown = (await lookForFolder(share)).kind === 'unknown';
  throw shareFailure(
    share,
    isUnknown
      ? { kind: 'unreachable', detail: LIST_FAILS }
      : { kind: 'tool-missing', needs: NEEDS_FUSE },
  );
}

/** The system would remember what `stat` said before. */
const answers = async (folder: string): Promise<boolean> =>
  readdir(folder).then(
    () => true,
    () => false,
  );

/** True: it was mounted before. */
function assertMounted(share: ShareAddress, password: string | null, end: ShareToolEnd): boolean {
  if (end.kind === 'cancelled') throw new BackupError({ code: 'cancelled' });
  const limits = { needs: NEEDS_GIO, withinMs: CONNECT_WITHIN_MS };
  const trouble =
    end.kind === 'stopped' ? ({ kind: 'refused' } as const) : troubleOfEnd(end, limits);
  if (trouble !== null) throw shareFailure(share, trouble, password);
  const { exitCode, output } = end as Extract<ShareToolEnd, { kind: 'ended' }>;
  if (exitCode === 0) return false;
  if (isMountedAlready(output)) return true;
  throw shareFailure(share, readGioTrouble(output), password);
}

/** The share as gvfs writes it: as we do, but for a port that is left out. */
const gvfsAddress = (share: ShareAddress): string => formatShareRoot(share);

type Look =
  | { readonly kind: 'found'; readonly folder: string }
  | { readonly kind: 'absent' }
  /** While the server of one of its mounts is away, the list itself may fail: that says nothing of the others. */
  | { readonly kind: 'unknown' };

async function findFolder(share: ShareAddress): Promise<string | null> {
  const look = await lookForFolder(share);
  return look.kind === 'found' ? look.folder : null;
}

async function lookForFolder(share: ShareAddress): Promise<Look> {
  const folder = gvfsFolder();
  if (folder === null) return { kind: 'absent' };
  const names = await readdir(folder).catch((error: unknown) =>
    (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : null,
  );
  if (names === null) return { kind: 'unknown' };
  const name = findGvfsMount(names, share);
  return name === null ? { kind: 'absent' } : { kind: 'found', folder: join(folder, name) };
}

function gvfsFolder(): string | null {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  if (runtime !== undefined && runtime !== '') return join(runtime, 'gvfs');
  const user = process.getuid?.();
  return user === undefined ? null : `/run/user/${user}/gvfs`;
}

function hasSession(): boolean {
  const { DBUS_SESSION_BUS_ADDRESS: bus, XDG_RUNTIME_DIR: runtime } = process.env;
  return (bus ?? '') !== '' || (runtime ?? '') !== '';
}
