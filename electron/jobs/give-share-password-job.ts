// A person gives the password of a network share anew: it is tried at once, and kept when it opens the share.
// Where the share is connected already no password can be tried: then what was kept before stays, and that is said.
import type { Engine } from './engine.ts';
import { rememberSharePassword } from './remember-secret.ts';

export interface GivenSharePassword {
  /** False: the share was there already; the password is tried when it is connected next. */
  readonly isTried: boolean;
  readonly isRemembered: boolean;
}

/** Throws share-refused and its like; then nothing is kept. */
export async function giveSharePasswordJob(
  engine: Pick<Engine, 'places' | 'sharePasswords' | 'notify'>,
  { place, password }: { readonly place: string; readonly password: string },
  signal: AbortSignal,
): Promise<GivenSharePassword> {
  engine.sharePasswords.offer(place, password);
  await using _held = await engine.places.hold(place, signal);
  if (!engine.sharePasswords.hasOpened(place, password)) {
    return { isTried: false, isRemembered: false };
  }
  return { isTried: true, isRemembered: await rememberSharePassword(engine, place) };
}
