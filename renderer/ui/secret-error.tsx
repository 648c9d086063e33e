// A call that took a secret failed: because of the secret, which is said at its field, or because of something else.
import type { Failure } from '../../shared/model/failure.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { failureIn } from '../bridge/client.ts';
import { useLocale } from '../use-locale.ts';
import { FailurePanel } from './failure-panel.tsx';

const isOfSecret = ({ code }: Failure): boolean =>
  code === 'key-wrong' || code === 'recovery-key-mistyped';

/** What to say at the field; null: nothing is wrong with what was typed there. */
export function useSecretError(error: Error | null): string | null {
  const locale = useLocale();
  if (error === null) return null;
  const failure = failureIn(error);
  return isOfSecret(failure) ? failureWords(failure, locale).cause : null;
}

/** Everything else that went wrong. */
export function SecretFailure({ error }: { readonly error: Error | null }) {
  if (error === null) return null;
  const failure = failureIn(error);
  return isOfSecret(failure) ? null : <FailurePanel failure={failure} />;
}
