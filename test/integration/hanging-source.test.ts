/** A source on a share that never answers: the app starts all the same, and what is beside it is looked after. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { finishInterruptedRestores } from '../../electron/jobs/finish-interrupted-restores.ts';
import { isAvailable } from '../support/machine.ts';
import { openTestAgent } from '../support/open-test-agent.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A mounted folder whose file system has stopped answering. */
async function mountDeadShare(): Promise<string> {
  const [behind, share] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
  await writeFile(join(behind, 'crm.db'), '');
  const server = spawn('bindfs', ['-f', behind, share]);
  onTestFinished(async () => {
    server.kill('SIGCONT');
    const ended = once(server, 'exit');
    await promisify(execFile)('umount', ['--lazy', share]);
    await ended;
  });
  await vi.waitUntil(() => existsSync(join(share, 'crm.db')), { timeout: 20_000 });
  server.kill('SIGSTOP');
  return share;
}

test.skipIf(!isAvailable('bindfs'))(
  'tidying up gives it up and goes on with the others',
  async () => {
    const { engine, folder } = await openTestAgent();
    await engine.host();
    const share = await mountDeadShare();
    const other = join(folder, 'other');
    await mkdir(other);
    const state = { isOver: false };
    const work = finishInterruptedRestores(engine, [join(share, 'crm.db'), join(other, 'crm.db')]);
    void work.then(() => (state.isOver = true));
    let waitedMs = 0;
    for (; !state.isOver && waitedMs < 60_000; waitedMs += 1_000)
      await vi.advanceTimersByTimeAsync(1_000);
    // It did hang, and is waited for no longer than a busy disk.
    expect([state.isOver, waitedMs >= 30_000]).toEqual([true, true]);
  },
);
