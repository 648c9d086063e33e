// What a restore would pull away under a program of somebody else: its files are hidden from us, its locks are not.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAvailable } from '../support/machine.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const NOBODY = 65_534;
const holders = new URL('../../electron/engine/sources/file-holders.ts', import.meta.url).href;

/** What somebody without any rights is told. */
function askAsNobody(path: string): unknown {
  const program = `import { findHolders } from '${holders}'; console.log(JSON.stringify(findHolders(${JSON.stringify(path)})));`;
  const args = ['--input-type=module', '-e', program];
  const asked = execFileSync(process.execPath, args, {
    uid: NOBODY,
    gid: NOBODY,
    cwd: '/',
    env: {},
  });
  return JSON.parse(asked.toString());
}

/** Ends with the test. */
async function startLocking(path: string): Promise<number> {
  const child = spawn('flock', ['--no-fork', path, 'sh', '-c', 'echo locked; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  });
  await once(child.stdout, 'data');
  return child.pid ?? NaN;
}

describe.skipIf(!isAvailable('root'))('a file that a program of another user has open', () => {
  test('is in use where that program has locked it, and otherwise nobody can tell', async () => {
    const folder = await makeTemporaryFolder();
    chmodSync(folder, 0o755);
    const [locked, free] = [join(folder, 'kunden.fdb'), join(folder, 'lager.fdb')];
    for (const path of [locked, free]) writeFileSync(path, 'data');
    const pid = await startLocking(locked);
    expect(askAsNobody(locked)).toEqual([`sleep (${pid})`]);
    expect(askAsNobody(free)).toBeNull();
  });
});
