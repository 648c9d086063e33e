// Small files that survive a power cut: temporary name, fsync, rename, fsync of the folder. A reader sees the old
// content or the new one, never a part.
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Virus scanners hold a new file for a moment, and Windows then refuses to rename over it. */
const BLOCKED_TRIES = 100;
const BLOCKED_WAIT_MS = 100;
const blockedCodes: readonly unknown[] = ['EPERM', 'EACCES', 'EBUSY'];

let writes = 0;

/** Replaces the content of `path`; returns when that is durable. A failure leaves the old content and no temporary file. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  writes += 1;
  // Two writers of one process must not write into one file: the first would name half of the second's.
  const temporary = `${path}.${process.pid}-${writes}.tmp`;
  try {
    await writeAndSync(temporary, content);
    await whileBlocked(() => rename(temporary, path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes renames and removals in `folder` durable where the system can (Windows cannot open a folder). */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}

async function writeAndSync(path: string, content: string | Uint8Array): Promise<void> {
  await using handle = await open(path, 'w', 0o600);
  await handle.writeFile(content);
  await handle.sync();
}

async function whileBlocked(action: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await action();
    } catch (error) {
      const isBlocked = blockedCodes.includes((error as NodeJS.ErrnoException).code);
      if (!isBlocked || process.platform !== 'win32' || tries === BLOCKED_TRIES) throw error;
      await sleep(BLOCKED_WAIT_MS);
    }
  }
}
