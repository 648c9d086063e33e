/** A desktop session as a person has it on Linux, without a screen: its bus, GNOME's file system layer, and a keyring if wished. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DesktopSession extends AsyncDisposable {
  /** What every program of the session has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Where shares show up. */
  readonly mounts: string;
}

const LIBRARIES = '/usr/libexec';

export interface DesktopSessionOptions {
  /** Opens a keyring with this password. */
  readonly keyringPassword?: string;
}

/** Starts it; ends with all its programs. */
export async function startDesktopSession({
  keyringPassword,
}: DesktopSessionOptions = {}): Promise<DesktopSession> {
  const runtime = await mkdtemp(join(tmpdir(), 'holdfast-session-'));
  await chmod(runtime, 0o700);
  const mounts = join(runtime, 'gvfs');
  await mkdir(mounts);
  const address = `unix:path=${join(runtime, 'bus')}`;
  const env = {
    DBUS_SESSION_BUS_ADDRESS: address,
    XDG_RUNTIME_DIR: runtime,
    XDG_DATA_HOME: join(runtime, 'data'),
    // Without a display nobody can be asked; no monitor of real disks is wanted.
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
    GIO_USE_VOLUME_MONITOR: 'unix',
  };
  const programs: ChildProcess[] = [];
  const run = (program: string, args: readonly string[], input = ''): void => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    programs.push(child);
  };

  run('dbus-daemon', ['--session', '--nofork', `--address=${address}`]);
  await untilThere(join(runtime, 'bus'));
  if (keyringPassword !== undefined) {
    const options = ['--foreground', '--components=secrets', '--unlock'];
    run('gnome-keyring-daemon', options, keyringPassword);
  }
  run(join(LIBRARIES, 'gvfsd'), ['--no-fuse']);
  run(join(LIBRARIES, 'gvfsd-fuse'), [mounts, '-f']);
  await untilMounted(mounts);
  return {
    env,
    mounts,
    async [Symbol.asyncDispose]() {
      await once(spawn('fusermount', ['-uz', mounts], { stdio: 'ignore' }), 'close');
      // The bus last: what it started ends with it.
      for (const child of programs.reverse()) await end(child);
      await rm(runtime, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(hard);
}

async function untilThere(path: string): Promise<void> {
  while (
    !(await access(path).then(
      () => true,
      () => false,
    ))
  )
    await shortWait();
}

/** Another device than the folder that it lies in. */
async function untilMounted(folder: string): Promise<void> {
  const deviceOf = async (path: string): Promise<number> => (await stat(path)).dev;
  while ((await deviceOf(folder)) === (await deviceOf(join(folder, '..')))) await shortWait();
}

const shortWait = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
