// A person gives the password of a network share anew: it is tried at once, and kept when it opens the share.
import type { Engine } from './engine.ts';
import { rememberSharePassword } from './remember-secret.ts';

/** Throws share-refused and its like; then nothing is kept. */
export async function giveSharePasswordJob(
  engine: Engine,
  { place, password }: { readonly place: string; readonly password: string },
  signal: AbortSignal,
): Promise<{ readonly isRemembered: boolean }> {
  engine.sharePasswords.offer(place, password);
  await using _held = await engine.places.hold(place, signal);
  return { isRemembered: await rememberSharePassword(engine, place) };
}
