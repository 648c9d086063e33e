// A passphrase that is to be: typed twice on a terminal, else from a file or the environment. Never a keychain's.
import { BackupError } from '../../shared/model/backup-error.ts';
import { readPassphraseFile } from '../jobs/given-secret.ts';
import type { CliSession } from './session.ts';

/** `file` and `variable` stand above asking; throws key-needed where nobody can be asked, usage when the two differ. */
export async function newPassphrase(
  { terminal, labels }: CliSession,
  place: string,
  given: { readonly file: string | null; readonly variable: string | null },
): Promise<string> {
  if (given.file !== null) return readPassphraseFile(given.file);
  if (given.variable !== null) return given.variable;
  if (!terminal.canAsk) throw new BackupError({ code: 'key-needed', place });
  const first = await terminal.askSecret(labels.askNewPassphrase);
  if (first === '') throw new BackupError({ code: 'usage', detail: 'the passphrase is empty' });
  const second = await terminal.askSecret(labels.askAgain);
  if (first !== second) throw new BackupError({ code: 'usage', detail: labels.passphrasesDiffer });
  return first;
}
