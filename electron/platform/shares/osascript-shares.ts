// Network shares on macOS: the Finder's own way to mount, by a script that comes on standard input.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { ShareAddress } from '../../../shared/model/share-address.ts';
import { findConnected } from './find-connected.ts';
import { findMacMount, mountScript, readMountTrouble } from './osascript-script.ts';
import { runShareTool, sayAll } from './run-share-tool.ts';
import { assertPasswordKnown, shareFailure, troubleOfEnd } from './share-failures.ts';
import type { ConnectedShare, ShareConnector } from './share-connector.ts';

const PROGRAM = 'osascript';
const CONNECT_WITHIN_MS = 60_000;
const LOOK_WITHIN_MS = 5_000;
const DISCONNECT_WITHIN_MS = 10_000;

/** Mounts for this user's session, below /Volumes. */
export function createOsascriptShares(): ShareConnector {
  return {
    find: findFolder,
    connect: async (share, password, signal) =>
      (await findConnected(findFolder, share)) ?? mount(share, password, signal),
    isConnected: async (share) => (await findFolder(share)) !== null,
    async disconnect(_share, folder) {
      await run('diskutil', ['unmount', folder], DISCONNECT_WITHIN_MS);
    },
  };
}

async function mount(
  share: ShareAddress,
  password: string | null,
  signal: AbortSignal,
): Promise<ConnectedShare> {
  assertPasswordKnown(share, password);
  const end = await runShareTool({
    program: PROGRAM,
    arguments: ['-'],
    answer: sayAll(mountScript(share, password)),
    withinMs: CONNECT_WITHIN_MS,
    signal,
  });
  if (end.kind === 'cancelled') throw new BackupError({ code: 'cancelled' });
  const trouble = troubleOfEnd(end, { needs: PROGRAM, withinMs: CONNECT_WITHIN_MS });
  if (trouble !== null) throw shareFailure(share, trouble, password);
  const output = 'output' in end ? end.output.trim() : '';
  const isDone = end.kind === 'ended' && end.exitCode === 0;
  if (!isDone) throw shareFailure(share, readMountTrouble(output), password);
  return { folder: (await findFolder(share)) ?? output, wasThere: false };
}

async function findFolder(share: ShareAddress): Promise<string | null> {
  const end = await run('mount', [], LOOK_WITHIN_MS);
  return end === null ? null : findMacMount(end, share);
}

/** What a program printed; null where it failed. */
async function run(
  program: string,
  args: readonly string[],
  withinMs: number,
): Promise<string | null> {
  const end = await runShareTool({ program, arguments: args, answer: () => null, withinMs });
  return end.kind === 'ended' && end.exitCode === 0 ? end.output : null;
}
