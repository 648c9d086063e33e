/** The passphrase in a real keyring: kept from one sign-in to the next, and locked is never taken for lost. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAvailable } from '../support/machine.ts';
import { digestOf, runSecretSteps } from '../support/secret-process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const hasKeyring = isAvailable('gnome-keyring') && isAvailable('keytar');
const vault = '00112233445566778899aabbccddeeff';
const other = 'ffeeddccbbaa99887766554433221100';
const secret = 'correct horse 电池 staple';

describe.skipIf(!hasKeyring)('a real keyring', () => {
  test('what one process stored, another one finds after the next sign-in, for its own vault only', async () => {
    const keyrings = await makeTemporaryFolder();
    const stored = runSecretSteps(keyrings, 'login', [
      { do: 'get', vault },
      { do: 'set', vault, secret: 'an old one' },
      { do: 'set', vault, secret },
    ]);
    expect(stored.results).toEqual(['keychain', 'missing-or-locked', true, true]);
    const found = runSecretSteps(keyrings, 'login', [
      { do: 'get', vault },
      { do: 'get', vault: other },
    ]);
    expect(found.results).toEqual(['keychain', digestOf(secret), 'missing-or-locked']);
  });

  test('a locked keyring is said to be missing or locked; no window opens, nothing hangs or is lost', async () => {
    const keyrings = await makeTemporaryFolder();
    runSecretSteps(keyrings, 'login', [{ do: 'set', vault, secret }]);
    const locked = runSecretSteps(keyrings, '', [
      { do: 'get', vault },
      { do: 'set', vault: other, secret },
      { do: 'remove', vault },
    ]);
    expect(locked.results).toEqual(['keychain', 'missing-or-locked', false, false]);
    expect(locked.output).not.toContain('Prompter');
    const found = runSecretSteps(keyrings, 'login', [{ do: 'get', vault }]);
    expect(found.results).toEqual(['keychain', digestOf(secret)]);
  });

  test('a keyring that is unlocked a moment after the start is waited for', async () => {
    const keyrings = await makeTemporaryFolder();
    runSecretSteps(keyrings, 'login', [{ do: 'set', vault, secret }]);
    const found = runSecretSteps(keyrings, '', [
      { do: 'get', vault },
      { do: 'unlockLater', password: 'login', afterMs: 500 },
      { do: 'getPatiently', vault },
    ]);
    expect(found.results).toEqual(['keychain', 'missing-or-locked', 'done', digestOf(secret)]);
  });

  test('a removed secret is gone', async () => {
    const keyrings = await makeTemporaryFolder();
    const removed = runSecretSteps(keyrings, 'login', [
      { do: 'set', vault, secret },
      { do: 'remove', vault },
      { do: 'remove', vault },
      { do: 'get', vault },
    ]);
    expect(removed.results).toEqual(['keychain', true, true, false, 'missing-or-locked']);
  });

  test.skipIf(!isAvailable('strace'))(
    'the secret is in no argument, environment, output or file in the clear',
    async () => {
      const [keyrings, traces] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
      const trace = join(traces, 'trace');
      const ascii = 'correct-horse-battery-staple';
      const strace = ['strace', '-f', '-v', '-s', '65536', '-e', 'trace=execve', '-o', trace];
      const steps = [
        { do: 'set', vault, secret: ascii },
        { do: 'get', vault },
      ] as const;
      const { results, output } = runSecretSteps(keyrings, 'login', steps, strace);
      expect(results).toEqual(['keychain', true, digestOf(ascii)]);
      const started = await readFile(trace, 'utf8');
      expect(started).toContain('execve(');
      const files = (await readdir(keyrings, { recursive: true, withFileTypes: true })).filter(
        (entry) => entry.isFile(),
      );
      expect(files.length).toBeGreaterThan(0);
      const kept = await Promise.all(
        files.map(async (entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
      );
      for (const text of [started, output, ...kept]) expect(text).not.toContain(ascii);
    },
  );
});
