/** An office with a file server and a desktop session: for all tests of one file. Nothing of it is left afterwards. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startDesktopSession, type DesktopSession } from './desktop-session.ts';
import { SHARE_USER, startSamba, type SambaServer } from './samba-server.ts';

export interface ShareOffice {
  /** What the server shares, as it lies on its disk. */
  folderOf(share: ShareName): string;
  /** The address of a share; `user` null: none. */
  address(share: string, user?: string | null): string;
  readonly server: () => SambaServer;
  readonly session: () => DesktopSession;
  /** Shares that are connected in the session now. */
  connected(): Promise<readonly string[]>;
}

export type ShareName = 'copies' | 'Archiv Büro' | 'locked' | 'small';

/** Room of the share `small`. */
const SMALL_BYTES = 6 * 1024 * 1024;

/** Call at the top of a test file. The session's environment is this process's own until the end. */
export function useShareOffice({ withKeyring = false } = {}): ShareOffice {
  const names: readonly ShareName[] = ['copies', 'Archiv Büro', 'locked', 'small'];
  const envBefore = { ...process.env };
  let base = '';
  let server: SambaServer | null = null;
  let session: DesktopSession | null = null;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'holdfast-shares-'));
    for (const name of names) await mkdir(join(base, name));
    const size = `size=${SMALL_BYTES}`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', join(base, 'small')]);
    server = await startSamba(
      names.map((name) => ({ name, folder: join(base, name), isReadOnly: name === 'locked' })),
    );
    session = await startDesktopSession(withKeyring ? { keyringPassword: 'of the session' } : {});
    Object.assign(process.env, session.env);
  });

  // What a failed test left connected would be the next one's own.
  afterEach(() => {
    spawnSync('gio', ['mount', '--unmount-scheme=smb'], { stdio: 'ignore' });
  });

  afterAll(async () => {
    await session?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    execFileSync('umount', ['--lazy', join(base, 'small')]);
    await rm(base, { recursive: true, force: true });
    for (const name of Object.keys(session?.env ?? {})) {
      if (envBefore[name] === undefined) delete process.env[name];
      else process.env[name] = envBefore[name];
    }
  });

  const there = <T>(part: T | null): T => {
    if (part === null) throw new Error('the office is not open');
    return part;
  };
  return {
    folderOf: (share) => join(base, share),
    address: (share, user = SHARE_USER) =>
      `smb://${user === null ? '' : `${user}@`}127.0.0.1:${there(server).port}/${encodeURIComponent(share)}`,
    server: () => there(server),
    session: () => there(session),
    connected: async () => readdir(there(session).mounts),
  };
}
