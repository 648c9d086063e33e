/** The command line as a user has it: a process of its own, in a folder with its own data, on a vault that opens fast. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject } from 'vitest';
import { formatRecoveryKey } from '../../electron/engine/crypto/recovery-key.ts';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import { createVault } from '../../electron/engine/vault/open-vault.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { realClock } from './test-clock.ts';
import { TEST_PASSPHRASE, TEST_SCRYPT_N } from './test-engine.ts';

export type CliResult = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type CliOptions = {
  /** Beside the passphrase and the data folder; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Given on standard input. */
  readonly input?: string;
  /** Called when the process has started. */
  readonly onStart?: (child: ChildProcess) => void;
};

export type CommandLine = {
  readonly folder: string;
  readonly place: string;
  readonly dataFolder: string;
  /** As it is printed. */
  readonly recoveryKey: string;
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** Adds --json, expects the exit code (0) and one document on stdout, and gives it. */
  json(
    args: readonly string[],
    expected?: number,
    options?: CliOptions,
  ): Promise<Readonly<Record<string, unknown>>>;
};

export const sourceCli = fileURLToPath(new URL('../../electron/cli.ts', import.meta.url));

/** A folder with a vault in `place`; the command line is `program`, by default the one that was built for this run. */
export async function openCommandLine(
  program: string = join(inject('builtFolder'), 'cli.js'),
): Promise<CommandLine> {
  const folder = await makeTemporaryFolder();
  const place = join(folder, 'vault');
  const dataFolder = join(folder, 'data');
  const recoveryKey = await makeFastVault(place);
  const run: CommandLine['run'] = async (args, options = {}) =>
    runProgram(program, args, {
      ...options,
      cwd: folder,
      env: {
        LANG: 'C.UTF-8',
        HOLDFAST_DATA_DIR: dataFolder,
        HOLDFAST_PASSPHRASE: TEST_PASSPHRASE,
        ...options.env,
      },
    });
  return {
    folder,
    place,
    dataFolder,
    recoveryKey,
    run,
    async json(args, expected = 0, options = {}) {
      const result = await run([...args, '--json'], options);
      expect(result).toMatchObject({ exitCode: expected });
      return parseDocument(result.stdout);
    },
  };
}

/** A vault whose passphrase costs little to try; the product has no way to make one. Gives the recovery key. */
export async function makeFastVault(place: string): Promise<string> {
  const surroundings = { clock: realClock, random: randomBytes };
  await mkdir(place, { recursive: true });
  const storage = await openFolderStorage({ root: place, ...surroundings });
  const secret = { passphrase: TEST_PASSPHRASE, scryptN: TEST_SCRYPT_N };
  const { recoverySecret } = await createVault(storage, secret, surroundings);
  return formatRecoveryKey(recoverySecret);
}

/** The one JSON document of an answer; throws when there is anything else. */
export function parseDocument(stdout: string): Readonly<Record<string, unknown>> {
  const document: unknown = JSON.parse(stdout);
  if (typeof document !== 'object' || document === null) throw new Error('no JSON object');
  return document as Readonly<Record<string, unknown>>;
}

async function runProgram(
  program: string,
  args: readonly string[],
  { env = {}, input = '', cwd, onStart }: CliOptions & { readonly cwd: string },
): Promise<CliResult> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(LC_|HOLDFAST_)/u.test(name));
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onStart?.(child);
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (part: Buffer) => stdout.push(part));
  child.stderr.on('data', (part: Buffer) => stderr.push(part));
  // A process that ends without reading its input is no failure of the test.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) =>
      resolve({
        exitCode,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      }),
    );
  });
}
