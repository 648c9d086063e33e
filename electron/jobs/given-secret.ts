// The secret as the command was given it: a file, or the environment. It is taken out of the environment at once, so
// that no process started later inherits it.
import { readFile } from 'node:fs/promises';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { VaultSecret } from '../engine/crypto/key-header.ts';
import { parseRecoveryKey } from '../engine/crypto/recovery-key.ts';

const MAX_FILE_BYTES = 64 * 1024;

export interface SecretVariables {
  readonly passphrase: string | null;
  readonly recoveryKey: string | null;
  readonly newPassphrase: string | null;
  /** Of network shares. */
  readonly sharePassword: string | null;
}

/** Takes our secrets out of `env`. */
export function takeSecretVariables(env: NodeJS.ProcessEnv): SecretVariables {
  const take = (name: string): string | null => {
    const value = env[name];
    delete env[name];
    return value === undefined || value === '' ? null : value;
  };
  return {
    passphrase: take('HOLDFAST_PASSPHRASE'),
    recoveryKey: take('HOLDFAST_RECOVERY_KEY'),
    newPassphrase: take('HOLDFAST_NEW_PASSPHRASE'),
    sharePassword: take('HOLDFAST_SHARE_PASSWORD'),
  };
}

/** From the file, else the environment; null when neither was given. */
export async function readGivenSecret(
  file: string | null,
  variables: SecretVariables,
): Promise<VaultSecret | null> {
  if (file !== null) return { kind: 'passphrase', passphrase: await readPassphraseFile(file) };
  const { passphrase, recoveryKey } = variables;
  if (passphrase !== null) return { kind: 'passphrase', passphrase };
  if (recoveryKey === null) return null;
  return { kind: 'recovery-key', secret: parseRecoveryKey(recoveryKey) };
}

/** The same for the password of network shares. */
export async function readGivenSharePassword(
  file: string | null,
  { sharePassword }: SecretVariables,
): Promise<string | null> {
  return file === null ? sharePassword : readPassphraseFile(file);
}

/** The first line of the file. */
export async function readPassphraseFile(file: string): Promise<string> {
  const bytes = await readSmallFile(file);
  const [line = ''] = bytes
    .toString('utf8')
    .replace(/^\u{feff}/u, '')
    .split(/\r?\n/u);
  if (line === '') throw new BackupError({ code: 'usage', detail: `${file} holds no passphrase` });
  return line;
}

async function readSmallFile(file: string): Promise<Buffer> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= MAX_FILE_BYTES) return bytes;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new BackupError({ code: 'usage', detail }, error);
  }
  throw new BackupError({
    code: 'usage',
    detail: `${file} is no passphrase file: it is too large`,
  });
}
